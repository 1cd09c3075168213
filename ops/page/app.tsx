// The frame around the views: which one the address names, and the way to the others.
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Address, writeAddress } from './address.ts'
import { ModelPage } from './modelPage.tsx'
import { useAddress } from './pageHooks.ts'
import { StarSearch } from './pageParts.tsx'
import { SkyPage } from './skyPage.tsx'
import { StarPage } from './starPage.tsx'
import { StreamPage } from './streamPage.tsx'
import { SubscriptionPage } from './subscriptionPage.tsx'
import { WhatIfPage } from './whatIfPage.tsx'

interface View {
  readonly name: string
  readonly title: string
  readonly page: ComponentType<Address>
  /** Reached from a star rather than from the top. */
  readonly isHidden?: boolean
}

const views: readonly View[] = [
  { name: 'sky', title: 'Sky', page: SkyPage },
  { name: 'star', title: 'Star', page: StarPage },
  { name: 'stream', title: 'Stream', page: StreamPage },
  { name: 'subscriptions', title: 'Subscriptions', page: SubscriptionPage },
  { name: 'model', title: 'Model', page: ModelPage },
  { name: 'what-if', title: 'What if', page: WhatIfPage, isHidden: true },
]

export function App() {
  const address = useAddress()
  const main = useRef<HTMLElement>(null)
  const view = views.find(({ name }) => name === address.view) ?? (address.view === '' ? views[0] : null)
  const place = `${address.view}/${address.subject}`
  const first = useRef(place)
  useEffect(() => {
    // A reader of the screen goes on where the new view begins; not on the first one, which begins at the top.
    if (first.current === place) return
    first.current = place
    main.current?.focus()
    scrollTo(0, 0)
  }, [place])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        To the content
      </button>
      <header class="top">
        <a class="brand" href="#/">
          birthline
        </a>
        <nav aria-label="Views">
          {views
            .filter(({ isHidden }) => isHidden !== true)
            .map(({ name, title }) => (
              <a key={name} href={writeAddress(name)} aria-current={view?.name === name ? 'page' : undefined}>
                {title}
              </a>
            ))}
        </nav>
        <StarSearch />
      </header>
      <main ref={main} tabIndex={-1}>
        {view === null ? <NoView name={address.view} /> : <view.page {...address} />}
      </main>
    </>
  )
}

function NoView({ name }: { readonly name: string }) {
  return (
    <div class="narrow">
      <h1>Nothing here</h1>
      <p>
        There is no view named “{name}”. <a href="#/">To the beginning</a>
      </p>
    </div>
  )
}

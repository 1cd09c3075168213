// The parts that every view shares: what is shown while an answer is awaited, where it failed, and around sections.
import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { writeAddress } from './address.ts'
import { keepToken, type Problem } from './service.ts'

export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="loading" role="status">
      <span class="pulse" aria-hidden="true" /> Loading {what} …
    </p>
  )
}

export function Failure({ problem, again }: { readonly problem: Problem; readonly again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{titleOf(problem)}</strong>
      </p>
      <p>{problem.detail}</p>
      {problem.status === 401 && again !== undefined ? (
        <TokenForm again={again} />
      ) : (
        again !== undefined && (
          <button type="button" onClick={again}>
            Try again
          </button>
        )
      )}
    </div>
  )
}

function TokenForm({ again }: { readonly again: () => void }) {
  const [token, setToken] = useState('')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        keepToken(token.trim())
        again()
      }}
    >
      <label>
        Token, kept until this tab closes{' '}
        <input
          type="password"
          autocomplete="off"
          value={token}
          onInput={event => setToken(event.currentTarget.value)}
        />
      </label>{' '}
      <button type="submit">Go on</button>
    </form>
  )
}

function titleOf({ status, code }: Problem): string {
  if (code === 'STAR_UNKNOWN') return 'No such star'
  if (code === 'STAR_AMBIGUOUS') return 'More than one star'
  if (status === 0) return 'No connection'
  if (status === 401) return 'A token is needed'
  if (status === 429) return 'Busy'
  return status >= 500 ? 'The server cannot answer' : 'This cannot be asked'
}

interface SectionProps {
  readonly title: string
  readonly note?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly class?: string
  readonly children: ComponentChildren
}

export function Section({ title, note, actions, class: extra = '', children }: SectionProps) {
  const id = useId()
  return (
    <section class={`card ${extra}`} aria-labelledby={id}>
      <header class="cardHead">
        <h2 id={id}>{title}</h2>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {note !== undefined && <p class="note">{note}</p>}
      {children}
    </section>
  )
}

/** What is wider than a phone moves within itself, with the arrow keys too. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by the keyboard
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

/** The head of a table: a title for each column. */
export function ColumnHeads({ titles }: { readonly titles: readonly (string | { readonly number: string })[] }) {
  return (
    <thead>
      <tr>
        {titles.map((title, i) => (
          <th key={i} scope="col" class={typeof title === 'string' ? '' : 'number'}>
            {typeof title === 'string' ? title : title.number}
          </th>
        ))}
      </tr>
    </thead>
  )
}

export function StarLink({ id, children }: { readonly id: string; readonly children?: ComponentChildren }) {
  return <a href={writeAddress('star', id)}>{children ?? id}</a>
}

/** Goes to a star by whatever id any survey gave it. */
export function StarSearch({ isLarge = false }: { readonly isLarge?: boolean }) {
  const [text, setText] = useState('')
  const id = useId()
  return (
    <search>
      <form
        class={isLarge ? 'search large' : 'search'}
        onSubmit={event => {
          event.preventDefault()
          if (text.trim() !== '') location.hash = writeAddress('star', text.trim())
        }}
      >
        <label for={id} class="hidden">
          Id of a star in any survey
        </label>
        <input
          id={id}
          type="search"
          placeholder="Gaia DR3 …, 2MASS J…"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
        <button type="submit">Find star</button>
      </form>
    </search>
  )
}

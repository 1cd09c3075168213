// Lists of words that many stars share, such as their surveys and flags: each list once, and a number for it.

export class WordLists {
  readonly #codes = new Map<string, number>()
  readonly #lists: (readonly string[])[] = []

  codeOf(words: readonly string[]): number {
    const key = words.join('\n')
    const known = this.#codes.get(key)
    if (known !== undefined) return known
    this.#lists.push([...words])
    this.#codes.set(key, this.#lists.length - 1)
    return this.#lists.length - 1
  }

  /** @param code one that `codeOf` gave */
  wordsOf(code: number): readonly string[] {
    return this.#lists[code]
  }
}

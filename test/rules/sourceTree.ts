// The project's own text as the house rules see it: files, code without comments and strings, imports.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const rooms = ['schemas', 'streams', 'models', 'actors', 'ops', 'test'] as const

export interface SourceFile {
  /** From the top level, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface Import {
  readonly from: string
  /** The path or package as written. */
  readonly target: string
}

/** Files below a folder of the top level whose names end in one of the endings. */
export function filesUnder(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && endings.some(ending => entry.name.endsWith(ending)))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(path => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
}

/** Sources of every room; the rules themselves are left out, because they quote what they forbid. */
export function sourceFiles(): SourceFile[] {
  return rooms
    .flatMap(room => filesUnder(room, ['.ts', '.tsx', '.mjs']))
    .filter(file => !file.path.startsWith('test/rules/'))
}

/** Exported functions of a file, each with whether a docstring stands before it. */
export function exportedFunctions(file: SourceFile): { readonly name: string; readonly isDescribed: boolean }[] {
  return Array.from(file.text.matchAll(/^(.*)\n^export (?:async )?function\*? ?(\w+)/gm), ([, before, name]) => ({
    name,
    isDescribed: before.trimEnd().endsWith('*/'),
  }))
}

/**
 * Code with comments, regular expressions and the insides of strings blanked out, line breaks kept.
 * With `keepStrings`, plain strings stay (import paths are read from them); templates go all the same.
 */
export function codeOnly(text: string, keepStrings = false): string {
  let out = ''
  let at = 0
  // Depth of braces inside each open template's `${`.
  const templates: number[] = []
  const blank = (end: number) => {
    out += text.slice(at, end).replace(/[^\n]/g, ' ')
    at = end
  }
  const templateEnd = (start: number) => {
    for (let i = start; i < text.length; i++) {
      if (text[i] === '\\') i++
      else if (text[i] === '`') return i + 1
      else if (text[i] === '$' && text[i + 1] === '{') {
        templates.push(0)
        return i + 2
      }
    }
    return text.length
  }
  while (at < text.length) {
    const here = text[at]
    const two = text.slice(at, at + 2)
    if (two === '//') blank(endOf(text, '\n', at))
    else if (two === '/*') blank(endOf(text, '*/', at + 2) + 2)
    else if (here === "'" || here === '"') {
      const end = stringEnd(text, at)
      if (keepStrings) {
        out += text.slice(at, end)
        at = end
      } else {
        out += here
        at++
        blank(end - 1)
        out += here
        at = end
      }
    } else if (here === '`') blank(templateEnd(at + 1))
    else if (here === '/' && isRegexStart(out)) blank(regexEnd(text, at))
    else {
      const depth = templates.length - 1
      if (depth >= 0 && here === '{') templates[depth]++
      if (depth >= 0 && here === '}') {
        if (templates[depth] === 0) {
          templates.pop()
          blank(templateEnd(at + 1))
          continue
        }
        templates[depth]--
      }
      out += here
      at++
    }
  }
  return out
}

function endOf(text: string, sign: string, from: number): number {
  const found = text.indexOf(sign, from)
  return found < 0 ? text.length : found
}

function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === text[start]) return i + 1
  }
  return text.length
}

/** A slash after a value divides; after anything else it opens a regular expression. */
function isRegexStart(before: string): boolean {
  const trimmed = before.trimEnd()
  return (
    trimmed === '' ||
    /[(,=:[!&|?{};+\-*%~^<>]$/.test(trimmed) ||
    /\b(return|typeof|case|in|of|yield|await)$/.test(trimmed)
  )
}

function regexEnd(text: string, start: number): number {
  let isInClass = false
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '[') isInClass = true
    else if (text[i] === ']') isInClass = false
    else if (text[i] === '/' && !isInClass) return i + 1
  }
  return start + 1
}

/** Every import and re-export of a file, type-only and dynamic ones too. */
export function importsOf(file: SourceFile): Import[] {
  const code = codeOnly(file.text, true)
  const patterns = [
    /\b(?:import|export)\s+(?:type\s+)?[\w*{}\s,$]*?\bfrom\s*(['"])([^'"]+)\1/g,
    /\bimport\s*(['"])([^'"]+)\1/g,
    /\bimport\s*\(\s*(['"])([^'"]+)\1/g,
  ]
  return patterns.flatMap(pattern =>
    Array.from(code.matchAll(pattern), match => ({ from: file.path, target: match[2] })),
  )
}

export function roomOf(path: string): string {
  return path.split('/')[0]
}

/** Path from the top level that a relative import points at. */
export function resolved(one: Import): string {
  const parts = dirname(one.from).split('/')
  for (const part of one.target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

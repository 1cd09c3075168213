// A drawing of the page as a file: SVG that looks the same without the style sheet of the page.
import { saveBlob } from './service.ts'

const SVG = 'http://www.w3.org/2000/svg'
/** What the style sheet says of a shape or a word. */
const kept = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap'],
  ...['opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor'],
]

/** Saves the first drawing that a selector finds; its colours, which come from the page, are written into it. */
export function saveDrawing(selector: string, fileName: string): void {
  const drawn = document.querySelector(selector)
  if (!(drawn instanceof SVGSVGElement)) return
  const copy = drawn.cloneNode(true) as SVGSVGElement
  const parts = copy.querySelectorAll<SVGElement>('*')
  // As attributes: the policy of the page allows no styles within a document.
  drawn.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(element)
    for (const name of kept) parts[i].setAttribute(name, style.getPropertyValue(name))
  })
  const { width, height } = drawn.viewBox.baseVal
  copy.setAttribute('xmlns', SVG)
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.removeAttribute('style')
  const paper = document.createElementNS(SVG, 'rect')
  paper.setAttribute('width', '100%')
  paper.setAttribute('height', '100%')
  paper.setAttribute('fill', getComputedStyle(document.body).backgroundColor)
  copy.prepend(paper)
  saveBlob(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }), fileName)
}

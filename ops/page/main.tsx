// Where the page begins: the frame into the one element that index.html holds.
import { render } from 'preact'
import { App } from './app.tsx'

const root = document.getElementById('page')
if (root !== null) render(<App />, root)

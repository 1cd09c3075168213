// Holds slots of a folder until it is killed.
import { takeSlot } from '../../../dist/streams/state/slotClaim.js'

const [folder, prefix, count] = process.argv.slice(2)
for (let i = 0; i < Number(count); i++) takeSlot(folder, 'writer', number => `${prefix}-${number}`)
console.log('held')
setInterval(() => {}, 1000)

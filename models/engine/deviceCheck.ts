// Whether a device can be used here: the least graph is opened on it and run.
import type { Device } from './devices.ts'
import { encodeOnnx } from './onnxGraph.ts'
import { Session } from './session.ts'

const port = (name: string) => ({ name, dtype: 'float32' as const, shape: [1] })

/** @throws FusionError CONFIG_INVALID with the reason, when the device cannot be used here */
export async function checkDevice(device: Device): Promise<void> {
  const twice = encodeOnnx({
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'], attributes: {} }],
    constants: [],
    inputs: [port('x')],
    outputs: [port('y')],
  })
  const session = await Session.open(twice, { device })
  try {
    await session.run({ x: new Float32Array(1) })
  } finally {
    await session.close()
  }
}

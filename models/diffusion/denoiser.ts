// Preconditioning that gives the network inputs, outputs and targets of unit variance at every noise level.
// Source: Karras et al. 2022, arXiv:2206.00364, table 1, with sigma_data = 1 (latents are standardised).

/** Factor of the noisy input. */
export const cIn = (sigma: number) => 1 / Math.sqrt(sigma ** 2 + 1)
/** Share of the noisy value that passes the network by. */
export const cSkip = (sigma: number) => 1 / (sigma ** 2 + 1)
/** Factor of the network's output. */
export const cOut = (sigma: number) => sigma / Math.sqrt(sigma ** 2 + 1)

/** What the network should put out for a noisy value x of a clean one: (clean - c_skip x) / c_out. */
export const networkTarget = (clean: number, noisy: number, sigma: number) =>
  (clean - cSkip(sigma) * noisy) / cOut(sigma)

// The 300 wavelength bins on which every spectrum of the simulators lives: stars, dust, and what extinction does to both.

export const BIN_COUNT = 300
const FIRST_UM = 0.1
const LAST_UM = 31

/** log of the ratio of neighbouring bins' wavelengths: every bin is 1.93% wide. */
export const BIN_LOG_WIDTH = Math.log(LAST_UM / FIRST_UM) / BIN_COUNT

/** [301] Edges of the bins in um, spaced evenly in the logarithm from 0.1 to 31. */
export const binEdgesUm: Float64Array = Float64Array.from(
  { length: BIN_COUNT + 1 },
  (_, i) => FIRST_UM * Math.exp(BIN_LOG_WIDTH * i),
)

/** [300] Middles of the bins in um, halfway in the logarithm. */
export const binCentresUm: Float64Array = Float64Array.from(
  { length: BIN_COUNT },
  (_, i) => FIRST_UM * Math.exp(BIN_LOG_WIDTH * (i + 0.5)),
)

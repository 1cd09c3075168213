// The public face of the models.

export type { AblationOptions, AblationPlan } from './adaptation/ablationCells.ts'
export { type AblationCell, ablationPlan, runAblation } from './adaptation/ablationRun.ts'
export {
  type ConditionSummary,
  type ParameterSummary,
  type SeedMean,
  summarizeAblation,
} from './adaptation/ablationSummary.ts'
export { runSkyAblation, type SkyCell, skyPlan } from './adaptation/skyAblation.ts'
export type { SkyLabels, SkyScore, SkyStars } from './adaptation/skyScore.ts'
export { type SkyMeasure, type SkySummary, summarizeSky } from './adaptation/skySummary.ts'
export { alignmentPlan } from './alignment/alignmentPlan.ts'
export { alignmentDefaults } from './alignment/alignmentRecipe.ts'
export { type MatchingDemo, matchingDemo, rightShare } from './alignment/matchingDemo.ts'
export {
  type BoostedTrees,
  type LabelledRows,
  predictTrees,
  type TreeOptions,
  trainBoostedTrees,
  treeDefaults,
} from './baselines/boostedTrees.ts'
export { type NpeModel, npeRecipe, npeSpectraRecipe, openNpe, trainNpe } from './baselines/npeModel.ts'
export { openSimformer, type Simformer, type SimformerShape } from './baselines/simformer.ts'
export { type Agreement, agreementOf, calibratedDifferences, middleHalf } from './calibration/agreement.ts'
export { type C2stOptions, c2st, c2stDefaults } from './calibration/c2st.ts'
export {
  type CalibrationOptions,
  type CalibrationReport,
  type CalibrationThresholds,
  calibratePattern,
  calibrationDefaults,
  calibrationReport,
  calibrationThresholds,
  type LocalCalibration,
  type MissingPattern,
  type ParameterCalibration,
  type PatternCalibration,
  type Verdict,
} from './calibration/calibrationReport.ts'
export {
  type ClassCalibration,
  type ClassPredictions,
  classCalibration,
  type OneClassCalibration,
} from './calibration/classCalibration.ts'
export { conformalMargin, type RankMap, rankMap, recalibrate } from './calibration/conformal.ts'
export type { Coverage } from './calibration/coverage.ts'
export {
  type DomainGap,
  domainGap,
  type GapOptions,
  gapDefaults,
  MIN_GAP_STARS,
  type Separator,
} from './calibration/domainGap.ts'
export { drawFullStars } from './calibration/fullStars.ts'
export type { Importance } from './calibration/importance.ts'
export {
  compareLabels,
  type LabelComparison,
  type LabelledPosterior,
  type LabelPoint,
  labelPoints,
  madSigma,
  medianOf,
} from './calibration/labelComparison.ts'
export {
  type LocalOptions,
  type LocalPairs,
  type LocalTest,
  localC2st,
  localDefaults,
} from './calibration/localC2st.ts'
export {
  type ChangedStar,
  ComparisonTally,
  type GroupShift,
  type ModelComparison,
  type Spread,
} from './calibration/modelComparison.ts'
export { type PatternPixels, patternPixels } from './calibration/patternPixels.ts'
export { drawsOf, type PosteriorDraws, posteriorDraws, truthsOf } from './calibration/posteriorDraws.ts'
export {
  type BoundCheck,
  type PublishingBounds,
  publishingBounds,
  publishingChecks,
} from './calibration/publishingBounds.ts'
export { fractionalRanks, kolmogorovSmirnov } from './calibration/rankStatistics.ts'
export { readCalibrationReport } from './calibration/reportFile.ts'
export { type RocCurve, rocCurve } from './calibration/rocCurve.ts'
export { type Estimate, type JudgedKind, type SampleQuality, sampleQuality } from './calibration/sampleQuality.ts'
export {
  drawSimulatedStars,
  type SimulatedStars,
  simulatedGiven,
  simulatedSpectra,
  simulatedTruth,
} from './calibration/simulatedStars.ts'
export {
  openStarWeigher,
  type StarDraws,
  type StarWeigher,
  type WeighedStar,
  type WeighOptions,
} from './calibration/starWeigher.ts'
export { twoSampleAccuracy } from './calibration/twoSample.ts'
export { shiftPrior } from './classes/priorShift.ts'
export { type AgePrior, agePrior } from './clusters/agePrior.ts'
export { type AgeInterval, type ClusterAge, clusterAge, mixtureAge } from './clusters/clusterAge.ts'
export {
  type DeviceTrial,
  type DeviceTrialOptions,
  openDeviceTrial,
  type TrialDraws,
} from './deviceTrial.ts'
export { limitLaw, type Normal, normalDistance, samplerLaw } from './diffusion/samplerLaw.ts'
export { levelCountWithin, type SamplerKind, samplerKinds } from './diffusion/samplers.ts'
export { logUniformLevels, pilotNoise } from './diffusion/schedule.ts'
export { encoderGraph } from './encoders/encoderGraph.ts'
export { type EncoderTrial, encoderTrial } from './encoders/encoderTrial.ts'
export { modalityOf, photometryModality, pixelModalities, spectrumNames, xpModality } from './encoders/modalities.ts'
export { type Modality, type ModalityTokens, type PixelModality, spectrumTokens } from './encoders/modality.ts'
export { type BinnedSpectrum, binPixels } from './encoders/pixelBins.ts'
export { type PixelGrid, pixelGrids } from './encoders/pixelGrid.ts'
export { type Retrieval, retrieve } from './encoders/retrieval.ts'
export { type EncoderConfig, encoderConfig, encoderWeights } from './encoders/spectrumEncoder.ts'
export {
  type ChosenPixels,
  chosenPixels,
  packPixels,
  segmentsOfPixels,
  signalOfPixels,
  unreadPixels,
} from './encoders/starPixels.ts'
export { checkDevice } from './engine/deviceCheck.ts'
export { type Device, devices } from './engine/devices.ts'
export { type EngineTrial, openEngineTrial, type TrialOptions, type TrialTensor } from './engineTrial.ts'
export type { DensityRequest } from './joint/jointDensity.ts'
export { type JointCard, type JointFile, readJointFile, writeJointFile } from './joint/jointFile.ts'
export { JOINT_MEMBERS, jointRecipe, jointSampling } from './joint/jointRecipe.ts'
export {
  type JointRequest,
  type JointRowsRequest,
  type JointSamplerOptions,
  sampleJoint,
  sampleRows,
} from './joint/jointSampler.ts'
export { type JointTable, type JointVariable, jointTableOf } from './joint/jointTable.ts'
export { type JointModel, type JointRecipe, trainJoint } from './joint/jointTrainer.ts'
export { type WeighedSamples, weighSamples } from './joint/weighedSamples.ts'
export { ChangeTally, type FieldChanges, tailSigmas } from './matching/changeTally.ts'
export { type GaiaPlace, liesAt, patchesAt, placeOfGaiaId } from './matching/gaiaPlace.ts'
export { cellOf, cellsWithin } from './matching/skyCells.ts'
export { createSkySource, type SkySource } from './matching/skySource.ts'
export {
  type Footprint,
  FULL_REACH_ARCSEC,
  footprintOf,
  MARGIN_ARCSEC,
  NEAR_REACH_ARCSEC,
  patchesAround,
  patchesWithin,
} from './matching/skyTrack.ts'
export {
  compareObservations,
  type FieldShift,
  largestShift,
  otherIdOf,
  type SourceChange,
} from './matching/sourceChange.ts'
export { regionMarginArcsec } from './matching/sourceGroups.ts'
export { createSpectrumSource, isSpectrumSource, namesInExtra, totalSignal } from './matching/spectrumSource.ts'
export { findStarChanges, type StarChanges } from './matching/starChanges.ts'
export { rankSurveys, type SurveyLevels } from './matching/surveyLevels.ts'
export { createRng, type Rng } from './math/rng.ts'
export { openPosteriorModel, pilotFolder, sampleNames } from './openPosteriorModel.ts'
export type {
  EmbeddingModel,
  GivenPixels,
  GivenSpectrum,
  GivenValue,
  InferOptions,
  PosteriorModel,
  StarInput,
  StarPosterior,
} from './posterior.ts'
export { verifyPublished } from './published/publishedCheck.ts'
export {
  findPublished,
  type ListedModel,
  listPublished,
  type PublishRequest,
  publishedFolderOf,
  publishModel,
} from './published/publishedFolder.ts'
export { type PublishedModel, SHIPPED } from './published/publishedModel.ts'
export type { AskableModel, AskOptions, StarAnswer } from './questions/askableModel.ts'
export {
  type Condition,
  checkQuestion,
  type FixedValue,
  type NamedQuantity,
  type Question,
} from './questions/question.ts'
export { cubeFluxInto, lackingIn, type YsoCube, type YsoCubes, ysoOfRow } from './simulators/dust/cubeSeds.ts'
export { binWidthsUm, type DustOpacity, dust as dustOpacity, planck } from './simulators/dust/dustOpacity.ts'
export {
  drawYso,
  isModelSet,
  type ModelSet,
  modelCounts,
  modelSets,
  sedWavelengthsUm,
  type Yso,
  ysoRanges,
} from './simulators/dust/modelSets.ts'
export { classOfIndex, type IndexClass, spectralIndex } from './simulators/dust/spectralIndex.ts'
export { placeDust, type YsoDust } from './simulators/dust/ysoDensity.ts'
export {
  createYsoSed,
  createYsoSeds,
  starLuminosity,
  type YsoBudget,
  type YsoSed,
  type YsoSeds,
} from './simulators/dust/ysoSed.ts'
export { createYsoSpectra, type YsoSpectra } from './simulators/dust/ysoSpectrum.ts'
export {
  checkForwardRecipe,
  type ForwardRecipe,
  type MissingRule,
  missingModes,
  type RecipeComponent,
} from './simulators/forwardRecipe.ts'
export { sun as sunInGalaxy } from './simulators/galaxy/components.ts'
export { equatorialOf, galacticOf } from './simulators/galaxy/galacticFrame.ts'
export { createMilkyWay, type MilkyWay, type MilkyWayOptions } from './simulators/galaxy/milkyWay.ts'
export {
  drawStars,
  type GalaxyColumn,
  galaxySlot,
  galaxySlotCount,
  type StarSource,
} from './simulators/galaxy/starSource.ts'
export { createYoungStars, type YoungStarsOptions } from './simulators/galaxy/youngStars.ts'
export { openSimulator } from './simulators/openSimulator.ts'
export {
  type AtmosphereFamily,
  type Atmospheres,
  atmosphereFamilies,
  atmosphereRange,
  createAtmospheres,
} from './simulators/photosphere/atmosphere.ts'
export {
  type ColourTable,
  type CorrectionRow,
  colourBands,
  createColourTable,
} from './simulators/photosphere/colourTable.ts'
export {
  type ExtinctionLaw,
  type ExtinctionLawName,
  extinctionLaw,
  extinctionLawNames,
} from './simulators/photosphere/extinctionLaws.ts'
export {
  loadPassbands,
  type Passband,
  type PassbandName,
  passbandIndices,
  passbandNames,
} from './simulators/photosphere/passbands.ts'
export {
  allPassbands,
  createSyntheticPhotometry,
  type PhotometricStar,
  type SyntheticPhotometry,
} from './simulators/photosphere/syntheticPhotometry.ts'
export { BIN_COUNT, binCentresUm, binEdgesUm } from './simulators/photosphere/wavelengths.ts'
export { createPilotSimulator, type PilotOptions, type PilotSimulator } from './simulators/pilot.ts'
export { withRandomGaps } from './simulators/randomGaps.ts'
export {
  type ColumnFact,
  type Columns,
  column,
  type ListFact,
  type Simulation,
  type Simulator,
} from './simulators/simulator.ts'
export {
  createGridBuilder,
  type GridBuilder,
  type GridModel,
  type GridTemplates,
} from './simulators/spectra/gridTemplates.ts'
export { drawLineGains } from './simulators/spectra/lineGains.ts'
export { meanSpectra, meanSpectrumAngstrom } from './simulators/spectra/meanSpectra.ts'
export type { SpectralTemplates } from './simulators/spectra/spectralTemplates.ts'
export { type SpectrographName, spectrographNames, spectrographs } from './simulators/spectra/spectrographFacts.ts'
export type { ObservedSpectrum, SpectrumNight } from './simulators/spectra/spectrumNoise.ts'
export {
  createSpectrumSimulation,
  type SpectrumSimulation,
  segmentOfSimulated,
} from './simulators/spectra/spectrumSimulation.ts'
export { plainStar, type SpectralStar } from './simulators/spectra/stellarSpectrum.ts'
export { type CalibratedSpectrum, createXpCalibration, type XpCoefficients } from './simulators/xp/xpCalibration.ts'
export { createXpSimulation, type XpObservation, type XpSimulation } from './simulators/xp/xpSimulation.ts'
export { type OpticalStar, opticalFamilies } from './simulators/xp/xpStarlight.ts'
export { readStudentFile, writeStudentFile } from './student/studentFile.ts'
export { studentRecipe } from './student/studentRecipe.ts'
export { openStudent, type StudentRequest, type StudentSampler } from './student/studentSampler.ts'
export { type StudentScale, studentScale } from './student/studentScale.ts'
export {
  drawLessons,
  type Lessons,
  type StudentModel,
  type StudentRecipe,
  trainStudent,
} from './student/studentTrainer.ts'
export { summarize } from './summary.ts'
export { benchmarkObservations } from './tasks/benchmarkObservations.ts'
export type { ChainDiagnostics } from './tasks/chainDiagnostics.ts'
export { conditionalReference, type Reference, type ReferenceOptions } from './tasks/conditionalReference.ts'
export { moralGraph, type Task, type TaskGiven, type TaskVariable } from './tasks/task.ts'
export { taskTable } from './tasks/taskTable.ts'
export { modelObservables, modelParameters, modelSpectra } from './tokens/layout.ts'
export { givenSpectra, unreadReason } from './tokens/readableBand.ts'
export { removeBestState } from './training/bestState.ts'
export { type Checkpoint, latentScale, pixelSpectraOf, readCheckpoint } from './training/checkpoint.ts'
export {
  adoptCorrections,
  type CorrectionRequest,
  correctionMeasure,
  learnCorrections,
} from './training/corrections.ts'
export { type EncoderCard, readEncoders, writeEncoders } from './training/encoderFile.ts'
export {
  encoderRetrieval,
  measureRetrieval,
  measureSpectralRetrieval,
  type PairRetrieval,
} from './training/encoderRetrieval.ts'
export {
  type EncoderRecipe,
  encoderLoss,
  encoderRecipe,
  encoderSetWeights,
  trainEncoders,
} from './training/encoderTrainer.ts'
export {
  adoptFamiliarity,
  type FamiliarityRequest,
  familiarityMeasure,
  learnFamiliarity,
} from './training/familiarityMeasure.ts'
export {
  createInstrumentStars,
  createPixelNights,
  encoderBatch,
  type InstrumentStars,
  instrumentModalities,
  type PixelNights,
} from './training/instrumentStars.ts'
export type { ModelCard, SamplerChoice } from './training/modelCard.ts'
export { pilotRecipe, type Recipe } from './training/recipe.ts'
export { adoptSampler, type SamplerTrial, samplerTrial, trySamplers } from './training/samplerChoice.ts'
export { scoreError, trueScore } from './training/scoreJudge.ts'
export { createSpectralStars, type SpectralShape, spectralBatch } from './training/spectralStars.ts'
export {
  type InputCounts,
  type SpectralOptions,
  type SpectralProgress,
  type SpectralRecipe,
  spectralRecipe,
  trainSpectra,
} from './training/spectralTrainer.ts'
export { drawStarLessons, type LessonRequest, type StarLessons } from './training/starLessons.ts'
export { lossWeights } from './training/starLoss.ts'
export {
  type StarStudentOptions,
  type StarStudentProgress,
  type StarStudentRecipe,
  starStudentRecipe,
  trainStarStudent,
} from './training/starStudentTrainer.ts'
export {
  type LearnedScore,
  learnThreeVariables,
  scoreRows,
  type ThreeQuestion,
  threeVariables,
  threeVariablesPlan,
} from './training/threeVariables.ts'
export { type TrainOptions, type TrainProgress, type TrainResult, trainStarModel } from './training/trainer.ts'
export { type LossPoint, readLosses } from './training/trainingFolder.ts'

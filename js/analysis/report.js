// SPDX-License-Identifier: MIT
// What is told of a run in one go: answers put together, none of them computed here.

/** @import { ModelAnalyst } from './model-analyst.js' */

/**
 * An answer, or why there is none: states of other programs lack this or that.
 * @template T
 * @param {() => T} answer
 * @returns {T | { error: string }}
 */
function attempt(answer) {
  try {
    return answer();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Answers that states may have one by one; why there is none, where they have none of them.
 * @template {Record<string, () => number>} T
 * @param {T} answers
 * @returns {{ [K in keyof T]?: number } | { error: string }}
 */
function attemptEach(answers) {
  const found = Object.entries(answers).map(([name, answer]) => /** @type {const} */ ([name, attempt(answer)]));
  const numbers = found.filter(([, value]) => typeof value === 'number');
  return /** @type {any} */ (numbers.length > 0 ? Object.fromEntries(numbers) : found[0][1]);
}

/** @param {ModelAnalyst} analyst */
function finalOf(analyst) {
  const all = attempt(() => analyst.reservoirVolumetricsAnalysis());
  return 'error' in all ? attemptEach({ oilInPlace: () => analyst.oilInPlace(), gasInPlace: () => analyst.gasInPlace(),
    freeGasInPlace: () => analyst.freeGasInPlace(), waterInPlace: () => analyst.waterInPlace() }) : all;
}

/** @param {ModelAnalyst} analyst */
export function makeReport(analyst) {
  const { availableSteps, days } = analyst;
  return {
    states: availableSteps.length,
    steps: [analyst.minStep, analyst.maxStep],
    days: [days[0], days.at(-1)],
    approximate: analyst.approximate,
    gaps: analyst.gaps,
    initial: attemptEach({ oil: () => analyst.stoiip, gas: () => analyst.stgiip, freeGas: () => analyst.freeGiip,
      water: () => analyst.stwiip }),
    final: finalOf(analyst),
    produced: attempt(() => ({ oil: analyst.Np, gas: analyst.Gp,
      freeGas: analyst.cumulativeFreeGasProduced, water: analyst.Wp })),
    injected: attempt(() => ({ oil: analyst.oilInjected(), gas: analyst.Gi, water: analyst.Wi })),
    recovery: attempt(() => ({ oil: analyst.oilRecoveryFactor, gas: analyst.gasRecoveryFactor,
      freeGas: analyst.freeGasRecoveryFactor })),
    rates: attempt(() => analyst.instantaneousProductionRates()),
    injectionRates: attempt(() => analyst.instantaneousInjectionRates()),
    voidageReplacementRatio: attempt(() => analyst.vrr()),
    mobilityRatio: attempt(() => analyst.mobilityRatio()),
    materialBalance: attempt(() => analyst.materialBalance()),
    decline: attempt(() => {
      const phase = analyst.Np === 0 && analyst.Gp > 0 ? 'gas' : 'oil'; // a gas field's is that of its gas
      const [recommended, fits] = analyst.recommendDeclineModel({ phase });
      const { initialRate, declineRatePerYear, bFactor, rSquared, error } = fits[recommended];
      return { phase, recommended, initialRate, declineRatePerYear, bFactor, rSquared, error };
    }),
    breakthrough: attempt(() => analyst.breakthroughTimes()),
    wells: attempt(() => analyst.wells()),
    iprMethod: attempt(() => analyst.recommendIprMethod()),
  };
}

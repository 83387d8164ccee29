// SPDX-License-Identifier: MIT
// The report of `bores analyse` as people read it.

import { formatNumber, formatTable, visible } from './format.js';

/** @typedef {[label: string, value: number | string, unit: string]} Line */

/**
 * @param {string} title
 * @param {any} part  of the report; one with `error` says why there is none
 * @param {(part: any) => Line[]} lines
 */
function section(title, part, lines) {
  if (typeof part?.error === 'string') return `\n${title}\n  ${visible(part.error)}\n`;
  const rows = lines(part).filter(([, value]) => value !== undefined).map(([label, value, unit]) =>
    [`  ${label}`, typeof value === 'number' ? formatNumber(value) : value, unit]);
  const width = Math.max(...rows.map(([, value]) => value.length));
  return `\n${title}\n${formatTable([], rows.map(([label, value, unit]) =>
    [label, value.padStart(width), unit]))}`;
}

const percent = (/** @type {number} */ fraction) => 100 * fraction;

/** @param {any} report  of ModelAnalyst.report() */
export function reportText(report) {
  const [from, to] = report.steps, [start, end] = report.days;
  const pairs = report.gaps.length === 1 ? 'one pair' : `${report.gaps.length} pairs`;
  const missing = report.approximate ? `\nSteps are missing between ${pairs} of states: `
    + 'what is produced and injected there is estimated from the rates of the later one.\n' : '';
  return [
    report.states === 1 ? `1 state, step ${from}, day ${formatNumber(start)}\n`
      : `${report.states} states, steps ${from} to ${to}, days ${formatNumber(start)} to `
        + `${formatNumber(end)}\n${missing}`,
    section('In place at first', report.initial, ({ oil, gas, freeGas, water }) => [
      ['oil', oil, 'STB'], ['gas, free and dissolved', gas, 'SCF'], ['gas, free', freeGas, 'SCF'],
      ['water', water, 'STB']]),
    section('In place at the end', report.final, (final) => [
      ['oil', final.oilInPlace, 'STB'], ['gas', final.gasInPlace, 'SCF'],
      ['gas, free', final.freeGasInPlace, 'SCF'], ['water', final.waterInPlace, 'STB'],
      ['pore volume', final.poreVolume, 'ft3'],
      ['hydrocarbon pore volume', final.hydrocarbonPoreVolume, 'ft3']]),
    section('Produced', report.produced, ({ oil, gas, freeGas, water }) => [
      ['oil', oil, 'STB'], ['gas', gas, 'SCF'], ['gas, free', freeGas, 'SCF'],
      ['water', water, 'STB']]),
    section('Injected', report.injected, ({ oil, gas, water }) => [
      ['oil', oil, 'STB'], ['gas', gas, 'SCF'], ['water', water, 'STB']]),
    section('Recovery', report.recovery, ({ oil, gas, freeGas }) => [
      ['oil', percent(oil), '%'], ['gas', percent(gas), '%'], ['free gas', percent(freeGas), '%']]),
    section('Rates at the end', report.rates, (rates) => [
      ['oil', rates.oilRate, 'STB/day'], ['gas', rates.gasRate, 'SCF/day'],
      ['water', rates.waterRate, 'STB/day'], ['gas-oil ratio', rates.gasOilRatio, 'SCF/STB'],
      ['water cut', percent(rates.waterCut), '%']]),
    section('Material balance', report.materialBalance, (mb) => [
      ['pressure', mb.pressure, 'psia'], ['pressure decline', mb.pressureDecline, 'psi'],
      ['underground withdrawal', mb.undergroundWithdrawal, 'bbl'],
      ['solution gas drive', percent(mb.solutionGasDriveIndex), '%'],
      ['gas cap drive', percent(mb.gasCapDriveIndex), '%'],
      ['water drive', percent(mb.waterDriveIndex), '%'],
      ['compaction drive', percent(mb.compactionDriveIndex), '%']]),
    section('Displacement', report, (all) => [
      ['voidage replaced', ratio(all.voidageReplacementRatio), ''],
      ['mobility ratio, water to oil', ratio(all.mobilityRatio), '']]),
    section(`Decline of the ${report.decline.phase ?? 'oil'} rate`, declineOf(report.decline), (fit) => [
      ['model', fit.recommended, ''],
      ['initial rate', fit.initialRate, fit.phase === 'gas' ? 'SCF/day' : 'STB/day'],
      ['nominal decline', percent(fit.declineRatePerYear), '% a year'], ['b', fit.bFactor, ''],
      ['R2', fit.rSquared, '']]),
    wellsText(report.wells),
  ].join('');
}

/** A fit, or that there is nothing to be fitted. @param {any} fit */
const declineOf = (fit) => (fit.declineRatePerYear > 0 || fit.error ? fit : { error: 'the rate does not decline' });

/** @param {any} value */
const ratio = (value) => (typeof value === 'number' ? value : 'unknown');

/** @param {any} wells */
function wellsText(wells) {
  if (!Array.isArray(wells) || wells.length === 0) return '';
  return `\nWells at the end\n${formatTable(
    ['  name', 'type', 'state', 'oil STB/d', 'gas SCF/d', 'water STB/d', 'water cut', 'bhp psia'],
    wells.map((well) => [`  ${well.name}`, well.type, well.state, well.oilRate, well.gasRate,
      well.waterRate, well.waterCut, well.bhp ?? '']))}`;
}

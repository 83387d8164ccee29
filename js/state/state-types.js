// SPDX-License-Identifier: MIT
// The shape of a state, for editors and type checkers. Names are those on disk. Every grid
// is an NdArray [nx, ny, nz], k = 0 on top; units are oil-field units (js/state/properties.js).
// A property marked "view" is not stored under this name: js/state/state-views.js derives it.

/**
 * @template [T=number]
 * @typedef {import('../values/nd-array.js').NdArray<T>} NdArray
 */
/** @typedef {import('../values/sparse-tensor.js').SparseTensor} SparseTensor */

/**
 * @typedef {object} PhaseGrids  rates: ft³/day at reservoir conditions, all positive
 * @property {NdArray | null} oil
 * @property {NdArray | null} water
 * @property {NdArray | null} gas
 * @property {NdArray | null} total  view: sum of the phases that are there
 */

/**
 * @typedef {object} PhaseTensors
 * @property {SparseTensor} oil
 * @property {SparseTensor} water
 * @property {SparseTensor} gas
 */

/**
 * @typedef {object} Rates  the newest BORES stores all of it, sparse; of older states the first
 *   two are views
 * @property {PhaseTensors} production_rates  ft³/day at reservoir conditions, positive
 * @property {PhaseTensors} injection_rates   ft³/day at reservoir conditions, positive
 * @property {PhaseTensors} [production_mass_rates]  lbm/day
 * @property {PhaseTensors} [injection_mass_rates]   lbm/day
 * @property {PhaseTensors} [production_fvfs]  bbl/STB, gas ft³/SCF; NaN where there is none
 * @property {PhaseTensors} [injection_fvfs]
 * @property {PhaseTensors} [production_bhps]  psi; NaN where there is none
 * @property {PhaseTensors} [injection_bhps]
 */

/** @typedef {readonly NdArray[] & { readonly [-1]: NdArray }} History  the last is the current */

/**
 * @typedef {object} FluidProperties
 * @property {NdArray} pressure_grid  psi
 * @property {NdArray} temperature_grid  °F
 * @property {NdArray} oil_bubble_point_pressure_grid  psi
 * @property {NdArray} oil_saturation_grid
 * @property {NdArray} oil_viscosity_grid  cP
 * @property {NdArray} oil_compressibility_grid  1/psi
 * @property {NdArray} oil_specific_gravity_grid
 * @property {NdArray} oil_api_gravity_grid
 * @property {NdArray} oil_density_grid  lbm/ft³
 * @property {NdArray} water_bubble_point_pressure_grid  psi
 * @property {NdArray} water_saturation_grid
 * @property {NdArray} water_viscosity_grid  cP
 * @property {NdArray} water_compressibility_grid  1/psi
 * @property {NdArray} water_density_grid  lbm/ft³
 * @property {NdArray} gas_saturation_grid
 * @property {NdArray} gas_viscosity_grid  cP
 * @property {NdArray} gas_compressibility_grid  1/psi
 * @property {NdArray} [gas_compressibility_factor_grid]  not in the wheel 0.0.1b0
 * @property {NdArray} gas_gravity_grid  air = 1
 * @property {NdArray} gas_molecular_weight_grid  g/mol
 * @property {NdArray} gas_density_grid  lbm/ft³
 * @property {NdArray} solution_gas_to_oil_ratio_grid  SCF/STB
 * @property {NdArray} gas_solubility_in_water_grid  SCF/STB
 * @property {NdArray} oil_formation_volume_factor_grid  bbl/STB
 * @property {NdArray} gas_formation_volume_factor_grid  ft³/SCF
 * @property {NdArray} water_formation_volume_factor_grid  bbl/STB
 * @property {NdArray} water_salinity_grid  ppm
 * @property {NdArray} solvent_concentration_grid
 * @property {NdArray} oil_effective_viscosity_grid  cP
 * @property {NdArray} oil_effective_density_grid  lbm/ft³
 * @property {string} reservoir_gas
 * @property {{ oil_saturations: History, water_saturations: History, gas_saturations: History }}
 *   saturation_history  view: the guide's lists, whose last item is the current grid
 */

/**
 * @typedef {object} Permeability  mD
 * @property {NdArray} x
 * @property {NdArray} y
 * @property {NdArray} z
 * @property {NdArray} [mean]  as BORES stores it; it divides the product of the three by 3
 * @property {NdArray} x_direction  view of x
 * @property {NdArray} y_direction  view of y
 * @property {NdArray} z_direction  view of z
 */

/**
 * @typedef {object} RockProperties
 * @property {number} compressibility  1/psi
 * @property {Permeability} absolute_permeability
 * @property {Permeability} permeability  view of absolute_permeability
 * @property {NdArray} net_to_gross_grid  its name in the newest BORES, else a view
 * @property {NdArray} net_to_gross_ratio_grid  its name until then, else a view
 * @property {NdArray} net_to_gross  view of either
 * @property {NdArray} porosity_grid
 * @property {NdArray} connate_water_saturation_grid
 * @property {NdArray} irreducible_water_saturation_grid
 * @property {NdArray} residual_oil_saturation_water_grid
 * @property {NdArray} residual_oil_saturation_gas_grid
 * @property {NdArray} residual_gas_saturation_grid
 */

/**
 * @typedef {object} SaturationHistory
 * @property {NdArray} max_water_saturation_grid
 * @property {NdArray} max_gas_saturation_grid
 * @property {NdArray<boolean>} water_imbibition_flag_grid
 * @property {NdArray<boolean>} gas_imbibition_flag_grid
 * @property {NdArray} [water_reversal_saturation_grid]
 * @property {NdArray} [gas_reversal_saturation_grid]
 */

/**
 * @typedef {object} Model
 * @property {NdArray<bigint> | readonly number[]} grid_shape  nx, ny, nz; ModelState's
 *   `gridShape` is always a list of numbers
 * @property {NdArray | readonly number[]} cell_dimension  dx, dy in ft
 * @property {NdArray} thickness_grid  ft
 * @property {FluidProperties} fluid_properties
 * @property {RockProperties} rock_properties
 * @property {SaturationHistory} saturation_history  its name until the newest BORES, then a view
 * @property {SaturationHistory} hysteresis_state    its name in the newest BORES, else a view
 * @property {{ x: NdArray, y: NdArray, z: NdArray } | null} [face_transmissibilities]  mD·ft,
 *   one cell of padding on every side: [nx + 2, ny + 2, nz + 2]
 * @property {number} dip_angle  degrees
 * @property {number} dip_azimuth  degrees, 0 is +y
 * @property {number | null} [datum_depth]  ft
 */

/**
 * @typedef {object} RelativePermeabilities
 * @property {NdArray} oil_relative_permeability
 * @property {NdArray} water_relative_permeability
 * @property {NdArray} gas_relative_permeability
 * @property {NdArray} oil  view, as are kro, krw and krg
 * @property {NdArray} water
 * @property {NdArray} gas
 * @property {NdArray} kro
 * @property {NdArray} krw
 * @property {NdArray} krg
 */

/**
 * @typedef {object} RelativeMobilities  1/cP
 * @property {NdArray} oil_relative_mobility
 * @property {NdArray} water_relative_mobility
 * @property {NdArray} gas_relative_mobility
 * @property {NdArray} oil  view
 * @property {NdArray} water
 * @property {NdArray} gas
 */

/**
 * @typedef {object} CapillaryPressures  psi
 * @property {NdArray} oil_water_capillary_pressure  Po − Pw
 * @property {NdArray} gas_oil_capillary_pressure    Pg − Po
 * @property {NdArray} pcow  view, as is Pc_ow
 * @property {NdArray} pcgo  view, as is Pc_og
 * @property {NdArray} Pc_ow
 * @property {NdArray} Pc_og
 */

/**
 * @typedef {object} StateFields
 * @property {number} step  accepted steps so far; 0 is the initial state
 * @property {number} step_size  s, of the step that led here
 * @property {number} time  s since the start
 * @property {Model} model
 * @property {any} wells  {injection_wells: {NAME: {injection_well: {…}}}, production_wells, …}
 * @property {any} timer_state
 * @property {PhaseGrids} injection   stored until the newest BORES, then a view
 * @property {PhaseGrids} production  stored until the newest BORES, then a view
 * @property {Rates} rates  stored by the newest BORES, else a view
 * @property {RelativePermeabilities} relative_permeabilities
 * @property {RelativeMobilities} relative_mobilities
 * @property {CapillaryPressures} capillary_pressures
 * @property {{ readonly [name: string]: number }} [material_balance_errors]
 * @property {any} [cumulatives]   of a Run's own states: what each well has produced and injected since the
 *   first day (docs/simulation.md)
 * @property {any} [solver_state]  of the same: what Run.fromState() goes on from
 */

export {};

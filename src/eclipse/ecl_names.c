/* SPDX-License-Identifier: MIT */
/* BORES's names and units for the keywords that have one. */
#include <string.h>

#include "ecl_store.h"

#define FLUID "model.fluid_properties."
#define ROCK "model.rock_properties."

/* The last of several keywords with one path is taken where a step has more than one of them. */
static const bw__ecl_name names[] = {
    {"PRESSURE", FLUID "pressure_grid", BW__ECL_PRESSURE, false},
    {"SWAT", FLUID "water_saturation_grid", BW__ECL_PLAIN, false},
    {"SGAS", FLUID "gas_saturation_grid", BW__ECL_PLAIN, false},
    {"SOIL", FLUID "oil_saturation_grid", BW__ECL_PLAIN, false},
    {"RS", FLUID "solution_gas_to_oil_ratio_grid", BW__ECL_GAS_OIL_RATIO, false},
    {"PBUB", FLUID "oil_bubble_point_pressure_grid", BW__ECL_PRESSURE, false},
    {"TEMP", FLUID "temperature_grid", BW__ECL_TEMPERATURE, false},
    {"OIL_VISC", FLUID "oil_viscosity_grid", BW__ECL_PLAIN, false},
    {"VOIL", FLUID "oil_viscosity_grid", BW__ECL_PLAIN, false},
    {"WAT_VISC", FLUID "water_viscosity_grid", BW__ECL_PLAIN, false},
    {"VWAT", FLUID "water_viscosity_grid", BW__ECL_PLAIN, false},
    {"GAS_VISC", FLUID "gas_viscosity_grid", BW__ECL_PLAIN, false},
    {"VGAS", FLUID "gas_viscosity_grid", BW__ECL_PLAIN, false},
    {"OIL_DEN", FLUID "oil_density_grid", BW__ECL_DENSITY, false},
    {"WAT_DEN", FLUID "water_density_grid", BW__ECL_DENSITY, false},
    {"GAS_DEN", FLUID "gas_density_grid", BW__ECL_DENSITY, false},
    {"BO", FLUID "oil_formation_volume_factor_grid", BW__ECL_LIQUID_FVF, false},
    {"BW", FLUID "water_formation_volume_factor_grid", BW__ECL_LIQUID_FVF, false},
    {"BG", FLUID "gas_formation_volume_factor_grid", BW__ECL_GAS_FVF, false},
    {"1OVERBO", FLUID "oil_formation_volume_factor_grid", BW__ECL_LIQUID_FVF, true},
    {"1OVERBW", FLUID "water_formation_volume_factor_grid", BW__ECL_LIQUID_FVF, true},
    {"1OVERBG", FLUID "gas_formation_volume_factor_grid", BW__ECL_GAS_FVF, true},
    {"OILKR", "relative_permeabilities.oil_relative_permeability", BW__ECL_PLAIN, false},
    {"WATKR", "relative_permeabilities.water_relative_permeability", BW__ECL_PLAIN, false},
    {"GASKR", "relative_permeabilities.gas_relative_permeability", BW__ECL_PLAIN, false},
    {"PCOW", "capillary_pressures.oil_water_capillary_pressure", BW__ECL_PRESSURE, false},
    {"PCOG", "capillary_pressures.gas_oil_capillary_pressure", BW__ECL_PRESSURE, false},
    {"PORO", ROCK "porosity_grid", BW__ECL_PLAIN, false},
    {"PERMX", ROCK "absolute_permeability.x", BW__ECL_PLAIN, false},
    {"PERMY", ROCK "absolute_permeability.y", BW__ECL_PLAIN, false},
    {"PERMZ", ROCK "absolute_permeability.z", BW__ECL_PLAIN, false},
    {"NTG", ROCK "net_to_gross_ratio_grid", BW__ECL_PLAIN, false},
    {"DZ", "model.thickness_grid", BW__ECL_LENGTH, false},
};

const bw__ecl_name *bw__ecl_bores_name(const char *keyword)
{
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        if (strcmp(names[n].keyword, keyword) == 0) {
            return &names[n];
        }
    }
    return NULL;
}

/* Columns: METRIC, FIELD, LAB, PVT-M. To psi, ft, scf/stb, lb/ft3, rb/stb, ft3/scf, °F, stb/d, scf/d, rb/d, stb, scf.
 * Bg: 1 rm3/sm3 is 1 ft3/scf; FIELD has rb/Mscf, and a barrel is 5.614583 ft3.
 * Source: OPM Flow Reference Manual, units; NIST SP 811 for the factors. */
static const double factors[][4] = {
    [BW__ECL_PLAIN] = {1, 1, 1, 1},
    [BW__ECL_PRESSURE] = {14.503773773, 1, 14.69594878, 14.69594878},
    [BW__ECL_LENGTH] = {1 / 0.3048, 1, 1 / 30.48, 1 / 0.3048},
    [BW__ECL_GAS_OIL_RATIO] = {5.614583, 1000, 5.614583, 5.614583},
    [BW__ECL_DENSITY] = {0.06242796, 1, 62.42796, 0.06242796},
    [BW__ECL_LIQUID_FVF] = {1, 1, 1, 1},
    [BW__ECL_GAS_FVF] = {1, 5.614583e-3, 1, 1},
    [BW__ECL_TEMPERATURE] = {1.8, 1, 1.8, 1.8},
    [BW__ECL_LIQUID_RATE] = {6.28981077, 1, 24 * 6.28981077e-6, 6.28981077},
    [BW__ECL_GAS_RATE] = {35.3146667, 1000, 24 * 35.3146667e-6, 35.3146667},
    [BW__ECL_RESERVOIR_RATE] = {6.28981077, 1, 24 * 6.28981077e-6, 6.28981077},
    [BW__ECL_LIQUID_VOLUME] = {6.28981077, 1, 6.28981077e-6, 6.28981077},
    [BW__ECL_GAS_VOLUME] = {35.3146667, 1000, 35.3146667e-6, 35.3146667},
};

bool bw__ecl_factor(int32_t units, bw__ecl_quantity quantity, double *factor, double *offset)
{
    if (units < 1 || units > 4) {
        return false;
    }
    *factor = factors[quantity][units - 1];
    *offset = quantity == BW__ECL_TEMPERATURE && units != 2 ? 32 : 0;
    return true;
}

bool bw__ecl_converts(const bw_op *op)
{
    bw_view units = {0};

    return bw_map_get_string(op->params, "units", &units) && bw_view_equal(units, BW_VIEW("bores"));
}

bw_status bw__ecl_to_units(bw_ctx *ctx, const bw_op *op, bw__ecl_quantity quantity, double *value)
{
    int32_t units = bw__ecl_store(op)->units;
    double factor = 1, offset = 0;

    if (!bw__ecl_converts(op)) {
        return BW_OK;
    }
    if (!bw__ecl_factor(units, quantity, &factor, &offset)) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "INTEHEAD: unit system %d is none, so there is no way to "
                       "BORES's units", (int)units);
    }
    *value = *value * factor + offset;
    return BW_OK;
}

/* SPDX-License-Identifier: MIT */
/** Small models for the simulator's tests, as JSON with ' for ". */
#ifndef BORES_SIM_MODELS_H
#define BORES_SIM_MODELS_H

#include "bores/json.h"
#include "bores/sim.h"

/** Live oil with undersaturated branches, gas, water; capillary pressures in both systems. */
#define FLUIDS                                                                                     \
    "'water':{'pref':3000,'bw':1.02,'cw':3e-6,'muw':0.5,'viscosibility':1e-6},"                    \
    "'density':{'oil':52,'water':64,'gas':0.055},"                                                 \
    "'oil':{'type':'live','pvto':[{'rs':0.01,'branch':[[14.7,1.05,1.8]]},"                         \
    "{'rs':0.3,'branch':[[1500,1.18,0.9],[3500,1.15,1.1]]},"                                       \
    "{'rs':0.7,'branch':[[3000,1.35,0.6],[6000,1.29,0.8]]}]},"                                     \
    "'gas':{'pvdg':[[14.7,220,0.012],[1000,2.9,0.014],[3000,0.95,0.02],[6000,0.6,0.03]]},"

#define TABLES                                                                                     \
    "'relperm':{'family':1,'swof':[[0.2,0,0.9,8],[0.4,0.05,0.5,4],[0.6,0.2,0.1,2],[0.8,0.5,0,1],"  \
    "[1,1,0,0]],'sgof':[[0,0,0.9,0],[0.05,0,0.8,0.1],[0.3,0.2,0.2,1],[0.6,0.7,0,3],[0.8,1,0,4]]}"

bw_node *sim_model(bw_ctx *ctx, bw_arena *arena, const char *text);
/** A number of a tree: keys separated by dots; NaN where there is none. */
double sim_value(const bw_node *tree, const char *path);
/** The elements of a float64 array, or NULL. */
const double *sim_array(const bw_node *tree, const char *path);
/** Steps to the last report; false: a step failed, which is a failed check. */
bool sim_run(bw_ctx *ctx, bw_sim *sim);

#endif

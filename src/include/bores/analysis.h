/* SPDX-License-Identifier: MIT */
/**
 * Answers from saved states: volumes in place, rates, recoveries, balances, declines.
 *
 * An analysis is told one state after the other and keeps of each a record of some hundred
 * numbers and its flowing cells; of grids it keeps those of the earliest state, against which
 * sweep and fronts are measured. So its memory does not grow with the cells of later states.
 *
 * Units are those of states (ft, psi, cP, mD, days; Bo and Bw bbl/STB, Bg ft3/SCF, Rs SCF/STB);
 * volumes are STB and SCF, reservoir volumes ft3, what is withdrawn in the material balance bbl.
 * The files of src/analysis say formula and source of each quantity.
 */
#ifndef BORES_ANALYSIS_H
#define BORES_ANALYSIS_H

#include "bores/tree.h"

typedef struct bw_analysis bw_analysis;

/**
 * A new analysis without states.
 *
 * `options` is a map (or NULL): `stoiip`, `stgiip`, `freeGiip`, `stwiip` (numbers that replace what
 * the first state holds), `compat` ("bores": BORES's own numbers, its defects included), `regions`
 * ("layers", or an array of integers as large as the grid, 0 being outside of all regions).
 *
 * Owner:  end it with bw_analysis_free().
 * Errors: BW_ERR_ARGUMENT naming the option; BW_ERR_NOMEM.
 */
bw_status bw_analysis_new(bw_ctx *ctx, const bw_node *options, bw_analysis **out);
void bw_analysis_free(bw_ctx *ctx, bw_analysis *analysis);

/**
 * Adds a state: a tree as stores hold them, whole or with the fields of bw_analysis_fields() alone.
 * Of a step that comes again the later state counts. Order does not matter to the answers.
 *
 * Owner:  `state` is borrowed for the call.
 * Errors: BW_ERR_VALIDATION naming step, path and both values: no step or time, arrays of other
 *         shapes than the grid's, a grid other than the states' before. What a question needs and
 *         the state lacks is told when it is asked. On error the analysis is as it was.
 */
bw_status bw_analysis_add(bw_ctx *ctx, bw_analysis *analysis, const bw_node *state);

/**
 * A state spread over threads: in one of them an analysis of the same options, which has no states but knows the
 * reference, makes a digest of a state, some kilobytes; this one takes it. Answers are, to the bit, those of adding
 * the states. What needs the state before (volumes of intervals, running totals) is made when it is asked.
 *
 * The reference are the earliest state's grids; bw_analysis_refer() copies them.
 *
 * Owner:  trees lie in `arena`; what is passed in is borrowed for the call.
 * Errors: those of bw_analysis_add(), for the grid's shape when a digest is taken; BW_ERR_NOT_FOUND where there is
 *         no state yet, BW_ERR_ARGUMENT for a tree that is no reference, or no digest.
 */
bw_status bw_analysis_reference(bw_ctx *ctx, bw_analysis *analysis, bw_arena *arena, bw_node **out);
bw_status bw_analysis_refer(bw_ctx *ctx, bw_analysis *analysis, const bw_node *reference);
bw_status bw_analysis_digest(bw_ctx *ctx, const bw_analysis *analysis, const bw_node *state, bw_arena *arena,
                             bw_node **out);
/** `*taken` is false for a state that is the earliest, and would be the reference: it has to be added itself. */
bw_status bw_analysis_take(bw_ctx *ctx, bw_analysis *analysis, const bw_node *digest, bool *taken);

/**
 * What bw_analysis_add() looks at, for whoever reads it from a store: a list of paths, each a list of names, where
 * null stands for any name. Of sparse tensors (`keys`, `values`) it is what their elements need where these have a
 * type of their own, as arrays have and text does not.
 */
bw_status bw_analysis_fields(bw_ctx *ctx, const bw_analysis *analysis, bw_arena *arena,
                             bw_node **out);

/**
 * Answers one question: `name` is a method of JavaScript's ModelAnalyst, `params` its options (a map
 * or NULL). Where grids of a state are needed that the analysis does not hold, the answer is the map
 * `{needsState: STEP}`; ask again with that `state`. The question "options" is about another one,
 * `{question: NAME}`: the names of its options, separated by spaces.
 *
 * Owner:  `*out` lives in `arena`.
 * Errors: BW_ERR_ARGUMENT naming option and value; BW_ERR_NOT_FOUND for steps and wells that are
 *         not there; BW_ERR_INDEX_RANGE for cells outside the grid; BW_ERR_VALIDATION naming step
 *         and path where states hold no number for it.
 */
bw_status bw_analysis_ask(bw_ctx *ctx, bw_analysis *analysis, const char *name,
                          const bw_node *params, const bw_node *state, bw_arena *arena,
                          bw_node **out);

#endif

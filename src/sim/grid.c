/* SPDX-License-Identifier: MIT */
/*
 * The grid: pore volumes, depths, and two-point transmissibilities (docs/simulation.md, "Grid").
 * Cells are numbered down the columns first, since thin layers make the vertical the strongest
 * coupling and an incomplete factorisation follows the numbering.
 */
#include <math.h>
#include <string.h>

#include "sim_read.h"

#define CELLS_MAX 2000000.0

static int32_t flat(const bw_sim_grid *g, int32_t i, int32_t j, int32_t k)
{
    return i + g->nx * (j + g->ny * k);
}

static double *read_widths(bw_sim_reader *r, const bw_node *map, const char *key, int32_t n)
{
    size_t count = 0;
    double *in = bw__sim_numbers(r, bw_map_get_text(map, key), "grid", key, &count);
    double *out = bw__sim_keep(r, (size_t)n, sizeof *out);

    for (int32_t i = 0; out != NULL && i < n; i++) {
        out[i] = 1;
        if (in != NULL && (count == 1 || count == (size_t)n)) {
            out[i] = in[count == 1 ? 0 : i];
            if (!(out[i] > 0 && out[i] < 1e9)) {
                bw__sim_wrong(r, "grid", key, "is %g at %d, it must be above 0", out[i], (int)i);
                out[i] = 1;
            }
        }
    }
    if (in != NULL && count != 1 && count != (size_t)n) {
        bw__sim_wrong(r, "grid", key, "has %zu values, 1 or %d are wanted", count, (int)n);
    }
    return out;
}

static void read_depths(bw_sim_reader *r, const bw_node *map, bw_sim_grid *g)
{
    size_t columns = (size_t)g->nx * (size_t)g->ny, count = 0;
    const bw_node *given = bw_map_get_text(map, "depth");
    double *tops = NULL;

    if (given != NULL) {
        g->depth = bw__sim_cells(r, g, given, "grid", "depth", NAN, -1e6, 1e6);
        return;
    }
    g->depth = bw__sim_keep(r, (size_t)g->total, sizeof *g->depth);
    tops = bw__sim_numbers(r, bw_map_get_text(map, "tops"), "grid", "tops", &count);
    if (tops == NULL || g->depth == NULL || g->dz == NULL) {
        return;
    }
    if (count != 1 && count != columns) {
        bw__sim_wrong(r, "grid", "tops", "has %zu values, 1 or %zu are wanted", count, columns);
        return;
    }
    for (size_t column = 0; column < columns; column++) {
        double top = tops[count == 1 ? 0 : column];
        if (!(fabs(top) < 1e6)) {
            bw__sim_wrong(r, "grid", "tops", "is %g at column %zu", top, column);
            top = 0;
        }
        for (int32_t k = 0; k < g->nz; k++) {
            size_t c = column + columns * (size_t)k;
            g->depth[c] = top + 0.5 * g->dz[c];
            top += g->dz[c];
        }
    }
}

/* Numbers the active cells: k fastest, then the shorter of the two others. */
static void number_cells(bw_sim_reader *r, const bw_node *map, bw_sim_grid *g)
{
    double pinch = bw__sim_number(r, map, "grid", "pinch", 1e-3, 0, 1e6);
    double *active = bw__sim_cells(r, g, bw_map_get_text(map, "active"), "grid", "active", 1, 0, 1);
    bool j_inner = g->ny <= g->nx;
    int32_t outer_n = j_inner ? g->nx : g->ny, inner_n = j_inner ? g->ny : g->nx;

    g->active_of = bw__sim_keep(r, (size_t)g->total, sizeof *g->active_of);
    g->flat_of = bw__sim_keep(r, (size_t)g->total, sizeof *g->flat_of);
    g->volume = bw__sim_keep(r, (size_t)g->total, sizeof *g->volume);
    if (r->st != BW_OK) {
        return;
    }
    for (int32_t outer = 0; outer < outer_n; outer++) {
        for (int32_t inner = 0; inner < inner_n; inner++) {
            for (int32_t k = 0; k < g->nz; k++) {
                int32_t i = j_inner ? outer : inner, j = j_inner ? inner : outer;
                int32_t c = flat(g, i, j, k);
                double v = g->dx[i] * g->dy[j] * g->dz[c] * g->porosity[c] * g->ntg[c] /
                           BW_SIM_BARREL;
                g->active_of[c] = -1;
                if (active[c] != 0 && v > 0 && g->dz[c] > pinch) {
                    g->active_of[c] = g->n;
                    g->volume[g->n] = v;
                    g->flat_of[g->n++] = c;
                }
            }
        }
    }
    if (g->n == 0) {
        bw__sim_wrong(r, "grid", "active", "no cell is active");
    }
}

/* Half of a cell's resistance to flow along `axis`: L / (2 k A). */
static double half_resistance(const bw_sim_grid *g, int32_t axis, int32_t c)
{
    double dx = g->dx[c % g->nx], dy = g->dy[c / g->nx % g->ny], dz = g->dz[c];

    if (axis == 0) {
        return dx / (2 * g->permx[c] * dy * dz * g->ntg[c]);
    }
    if (axis == 1) {
        return dy / (2 * g->permy[c] * dx * dz * g->ntg[c]);
    }
    return dz / (2 * g->permz[c] * dx * dy);
}

static double transmissibility(const bw_sim_grid *g, int32_t axis, int32_t a, int32_t b, bool dip)
{
    double resistance = half_resistance(g, axis, a) + half_resistance(g, axis, b);
    double t = isfinite(resistance) && resistance > 0 ? BW_SIM_DARCY / resistance : 0;

    if (axis < 2 && dip) {
        double h = axis == 0 ? 0.5 * (g->dx[a % g->nx] + g->dx[b % g->nx])
                             : 0.5 * (g->dy[a / g->nx % g->ny] + g->dy[b / g->nx % g->ny]);
        double d = g->depth[b] - g->depth[a];
        t *= h * h / (h * h + d * d);
    }
    return t;
}

static void add_face(bw_sim_grid *g, int32_t flat_a, int32_t flat_b, double t)
{
    int32_t a = g->active_of[flat_a], b = g->active_of[flat_b];

    if (a < 0 || b < 0 || a == b || !(t > 0)) {
        return;
    }
    g->face_a[g->nfaces] = a < b ? a : b;
    g->face_b[g->nfaces] = a < b ? b : a;
    g->face_t[g->nfaces] = t;
    g->face_dz[g->nfaces] = (a < b ? 1 : -1) * (g->depth[flat_b] - g->depth[flat_a]);
    g->nfaces++;
}

/* The next active cell along `axis`; below a pinched cell, the one under it. */
static int32_t neighbour(const bw_sim_grid *g, int32_t axis, int32_t i, int32_t j, int32_t k,
                         double pinch)
{
    int32_t c = 0;

    if (axis == 0) {
        return i + 1 < g->nx ? flat(g, i + 1, j, k) : -1;
    }
    if (axis == 1) {
        return j + 1 < g->ny ? flat(g, i, j + 1, k) : -1;
    }
    for (k++; k < g->nz; k++) {
        c = flat(g, i, j, k);
        if (g->active_of[c] >= 0 || g->dz[c] > pinch) {
            return c;
        }
    }
    return -1;
}

static void connect_neighbours(bw_sim_reader *r, const bw_node *map, bw_sim_grid *g)
{
    static const char *const multipliers[3] = {"multx", "multy", "multz"};
    static const char *const geometries[] = {"sheared", "stepped", NULL};
    bool stepped = bw__sim_word(r, map, "grid", "geometry", geometries, 0) == 1;
    bool dip = bw__sim_flag(r, map, "grid", "dip", true);
    double pinch = bw__sim_number(r, map, "grid", "pinch", 1e-3, 0, 1e6);

    for (int32_t axis = 0; axis < 3; axis++) {
        double *mult = bw__sim_cells(r, g, bw_map_get_text(map, multipliers[axis]), "grid",
                                     multipliers[axis], 1, 0, 1e30);
        g->tran[axis] = bw__sim_keep(r, (size_t)g->total, sizeof(double));
        if (r->st != BW_OK) {
            return;
        }
        for (int32_t c = 0; c < g->total; c++) {
            int32_t next = neighbour(g, axis, c % g->nx, c / g->nx % g->ny, c / (g->nx * g->ny),
                                     pinch);
            if (next < 0 || g->active_of[c] < 0 || g->active_of[next] < 0 ||
                (axis == 0 && stepped)) {
                continue;
            }
            g->tran[axis][c] = mult[c] * transmissibility(g, axis, c, next, dip && !stepped);
            add_face(g, c, next, g->tran[axis][c]);
        }
    }
}

static void add_connections(bw_sim_reader *r, const bw_node *given, bw_sim_grid *g, size_t count)
{
    size_t na = 0, nb = 0, nt = 0;
    double *a = bw__sim_numbers(r, bw_map_get_text(given, "a"), "grid.connections", "a", &na);
    double *b = bw__sim_numbers(r, bw_map_get_text(given, "b"), "grid.connections", "b", &nb);
    double *t = bw__sim_numbers(r, bw_map_get_text(given, "transmissibility"), "grid.connections",
                                "transmissibility", &nt);

    if (a == NULL || b == NULL || t == NULL || na != count || nb != count || nt != count) {
        bw__sim_wrong(r, "grid", "connections", "a, b and transmissibility differ in length");
        return;
    }
    for (size_t c = 0; c < count; c++) {
        if (!(a[c] >= 0 && a[c] < g->total && b[c] >= 0 && b[c] < g->total && t[c] >= 0 &&
              t[c] < 1e30 && a[c] == floor(a[c]) && b[c] == floor(b[c]))) {
            bw__sim_wrong(r, "grid", "connections", "number %zu is from %g to %g with %g", c, a[c],
                          b[c], t[c]);
            return;
        }
        add_face(g, (int32_t)a[c], (int32_t)b[c], t[c]);
    }
}

typedef struct face {
    int32_t a, b;
    double t, dz;
} face;

/* Faces in the order of their cells: what is read and written for one is near what is for the next, or an
 * assembly would wait for memory most of the time. */
static void sort_faces(bw_sim_reader *r, bw_sim_grid *g)
{
    int32_t *first = bw__sim_scratch(r, (size_t)g->n + 1, sizeof *first);
    face *sorted = bw__sim_scratch(r, (size_t)g->nfaces + 1, sizeof *sorted);

    if (first == NULL || sorted == NULL) {
        return;
    }
    for (int32_t f = 0; f < g->nfaces; f++) {
        first[g->face_a[f] + 1]++;
    }
    for (int32_t c = 0; c < g->n; c++) {
        first[c + 1] += first[c];
    }
    for (int32_t f = g->nfaces - 1; f >= 0; f--) { /* from each cell's end on, which so becomes its begin */
        face one = {g->face_a[f], g->face_b[f], g->face_t[f], g->face_dz[f]};
        int32_t at = --first[one.a + 1];
        for (; at + 1 < g->nfaces && sorted[at + 1].a == one.a && sorted[at + 1].t > 0 &&
               sorted[at + 1].b < one.b; at++) {
            sorted[at] = sorted[at + 1];
        }
        sorted[at] = one;
    }
    for (int32_t f = 0; f < g->nfaces; f++) {
        g->face_a[f] = sorted[f].a;
        g->face_b[f] = sorted[f].b;
        g->face_t[f] = sorted[f].t;
        g->face_dz[f] = sorted[f].dz;
    }
}

static void connect_cells(bw_sim_reader *r, const bw_node *map, bw_sim_grid *g)
{
    const bw_node *given = bw_map_get_text(map, "connections");
    const bw_node *file = bw_map_get_text(map, "nnc");
    size_t extra = 0, room = 0;

    given = given != NULL && given->type == BW_NODE_NULL ? NULL : given;
    if (given == NULL && file != NULL && file->type != BW_NODE_NULL) {
        bw__sim_wrong(r, "grid", "nnc", "is in a file, which is not here: grid.connections has them");
    }
    if (given != NULL) {
        (void)bw__sim_numbers(r, bw_map_get_text(given, "a"), "grid.connections", "a", &extra);
    }
    room = 3 * (size_t)g->n + extra;
    g->face_a = bw__sim_keep(r, room, sizeof *g->face_a);
    g->face_b = bw__sim_keep(r, room, sizeof *g->face_b);
    g->face_t = bw__sim_keep(r, room, sizeof *g->face_t);
    g->face_dz = bw__sim_keep(r, room, sizeof *g->face_dz);
    if (r->st != BW_OK) {
        return;
    }
    connect_neighbours(r, map, g);
    if (given != NULL && r->st == BW_OK) {
        add_connections(r, given, g, extra);
    }
    if (r->st == BW_OK) {
        sort_faces(r, g);
    }
}

static void read_rock(bw_sim_reader *r, const bw_node *rock, bw_sim_grid *g)
{
    g->porosity = bw__sim_cells(r, g, bw_map_get_text(rock, "porosity"), "rock", "porosity", NAN,
                                0, 1);
    g->permx = bw__sim_cells(r, g, bw_map_get_text(rock, "permx"), "rock", "permx", NAN, 0, 1e9);
    g->permy = bw__sim_cells(r, g, bw_map_get_text(rock, "permy"), "rock", "permy", NAN, 0, 1e9);
    g->permz = bw__sim_cells(r, g, bw_map_get_text(rock, "permz"), "rock", "permz", NAN, 0, 1e9);
    g->ntg = bw__sim_cells(r, g, bw_map_get_text(rock, "ntg"), "rock", "ntg", 1, 0, 1);
    g->rock_c = bw__sim_number(r, rock, "rock", "compressibility", 0, 0, 1);
    g->rock_pref = bw__sim_number(r, rock, "rock", "pref", g->rock_c > 0 ? NAN : 14.7, 0, 1e6);
}

void bw__sim_read_grid(bw_sim_reader *r, const bw_node *model, bw_sim_grid *g)
{
    const bw_node *map = bw_map_get_text(model, "grid");
    double nx = bw__sim_whole(r, map, "grid", "nx", NAN, 1, 1e6);
    double ny = bw__sim_whole(r, map, "grid", "ny", NAN, 1, 1e6);
    double nz = bw__sim_whole(r, map, "grid", "nz", NAN, 1, 1e6);

    if (nx * ny * nz > CELLS_MAX) {
        bw__sim_wrong(r, "grid", NULL, "has %g cells, %g are the most", nx * ny * nz, CELLS_MAX);
        nx = ny = nz = 1;
    }
    g->nx = (int32_t)nx;
    g->ny = (int32_t)ny;
    g->nz = (int32_t)nz;
    g->total = g->nx * g->ny * g->nz;
    g->dx = read_widths(r, map, "dx", g->nx);
    g->dy = read_widths(r, map, "dy", g->ny);
    g->dz = bw__sim_cells(r, g, bw_map_get_text(map, "dz"), "grid", "dz", NAN, 0, 1e6);
    read_depths(r, map, g);
    read_rock(r, bw_map_get_text(model, "rock"), g);
    if (r->st != BW_OK) {
        return;
    }
    number_cells(r, map, g);
    if (r->st == BW_OK) {
        connect_cells(r, map, g);
    }
}

/* SPDX-License-Identifier: MIT */
/** Nodes in error messages. */
#include "node_text.h"

#include <stdio.h>

bw_status bw__node_refuse(bw_ctx *ctx, const char *field, const bw_node *node, const char *wanted)
{
    char value[BW__NODE_TEXT_MAX];
    bw__node_text(node, value);
    return bw_fail(ctx, BW_ERR_METADATA, "%s: %s is not %s", field, value, wanted);
}

void bw__node_text(const bw_node *node, char out[BW__NODE_TEXT_MAX])
{
    size_t cap = BW__NODE_TEXT_MAX;
    char shape[48];

    if (node == NULL) {
        snprintf(out, cap, "nothing");
        return;
    }
    switch (node->type) {
    case BW_NODE_NULL:
        snprintf(out, cap, "null");
        break;
    case BW_NODE_BOOL:
        snprintf(out, cap, "%s", node->boolean ? "true" : "false");
        break;
    case BW_NODE_INT:
        snprintf(out, cap, "%lld", (long long)node->integer);
        break;
    case BW_NODE_FLOAT:
        snprintf(out, cap, "%.17g", node->number);
        break;
    case BW_NODE_STRING:
        snprintf(out, cap, node->text.len > 60 ? "\"%.60s...\"" : "\"%.60s\"",
                 (const char *)node->text.ptr);
        break;
    case BW_NODE_LIST:
        snprintf(out, cap, "a list of %u", node->children.len);
        break;
    case BW_NODE_MAP:
        snprintf(out, cap, "a map of %u", node->children.len);
        break;
    case BW_NODE_ARRAY:
        bw_shape_format(node->array->rank, node->array->shape, shape, sizeof shape);
        snprintf(out, cap, "an array of shape %s", shape);
        break;
    }
}

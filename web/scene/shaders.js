// SPDX-License-Identifier: MIT
// The shaders. A face of a cell has four vertices, one code (direction and cell) and the cell's value,
// found by gl_VertexID / 4. So a time step is one texture upload, of what is seen of the cells and not of
// all of them, and range, map and logarithm are uniforms. Colour is settled per vertex (flat): a
// software renderer has few vertices and many fragments.

import { ROW } from './gl.js';

const FACE = /* glsl */ `
precision highp float;
precision highp int;
precision highp usampler2D;
uniform mat4 uMatrix;
uniform usampler2D uCodes;
in vec3 position;

// Where the n-th number lies in a data texture. Shifts: a software renderer divides slowly.
ivec2 place(int n) {
  return ivec2(n & ${ROW - 1}, n >> ${Math.log2(ROW)});
}

uint faceCode() {
  return texelFetch(uCodes, place(gl_VertexID >> 2), 0).r;
}
`;

export const CELL_VERTEX = /* glsl */ `${FACE}
precision highp sampler2D;
uniform sampler2D uValues;
uniform sampler2D uTable;
uniform vec2 uRange;      // value of the first colour, 1 / (last - first), 0 if they are one; logarithms if uLog
uniform bool uLog;
uniform bool uFlags;
uniform bool uDirect;     // a value is its colour
uniform vec3 uMissing;
uniform vec3 uBelow;
uniform vec3 uAbove;
uniform vec3 uFalse;
uniform vec3 uTrue;
uniform float uShade[6];
uniform uint uSelected;   // cell + 1; 0: none
uniform uint uHovered;
flat out vec3 vColour;
flat out float vMark;
out vec2 vCorner;

vec3 colourOf(float value) {
  // By its bits: a compiler may assume that no NaN exists and drop isnan().
  if ((floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u) return uMissing;
  if (uDirect) {
    int rgb = int(value);
    return value < 0.0 ? uAbove : vec3(rgb >> 16, (rgb >> 8) & 255, rgb & 255) / 255.0;
  }
  if (uFlags) return value == 0.0 ? uFalse : uTrue;
  if (uRange.y == 0.0) { // one value only: it has the middle colour, as in the legend
    if (value != uRange.x) return value < uRange.x ? uBelow : uAbove;
    return texelFetch(uTable, ivec2(textureSize(uTable, 0).x / 2, 0), 0).rgb;
  }
  if (uLog && value <= 0.0) return uBelow;
  float at = ((uLog ? log(value) : value) - uRange.x) * uRange.y;
  // The range's ends come from the values themselves, rounded on another way.
  if (at < -1e-5) return uBelow;
  if (at > 1.00001) return uAbove;
  int count = textureSize(uTable, 0).x;
  return texelFetch(uTable, ivec2(clamp(int(at * float(count)), 0, count - 1), 0), 0).rgb;
}

void main() {
  uint code = faceCode();
  int cell = int(code & 0x1fffffffu);
  vec3 own = colourOf(texelFetch(uValues, place(gl_VertexID >> 2), 0).r);
  // What is outside the range is to be known for it from every side.
  bool outside = own == uBelow || own == uAbove;
  vColour = own * mix(uShade[code >> 29], 1.0, outside ? 0.7 : 0.0);
  vMark = uint(cell) + 1u == uSelected ? 2.0 : uint(cell) + 1u == uHovered ? 1.0 : 0.0;
  int corner = gl_VertexID & 3;
  vCorner = vec2(corner == 1 || corner == 2, corner >= 2);
  gl_Position = uMatrix * vec4(position, 1.0);
}
`;

export const CELL_FRAGMENT = /* glsl */ `
precision highp float;
uniform float uEdges;     // opacity of the lines between cells
flat in vec3 vColour;
flat in float vMark;
in vec2 vCorner;
out vec4 colour;

void main() {
  vec2 perPixel = fwidth(vCorner);
  vec2 toEdge = min(vCorner, 1.0 - vCorner) / perPixel;
  float distance = min(toEdge.x, toEdge.y);
  float size = 1.0 / max(perPixel.x, perPixel.y); // pixels across the face, the short way
  // Lines fade out where cells are a few pixels wide, or they would be all one sees.
  float line = uEdges * (1.0 - smoothstep(0.3, 1.1, distance)) * smoothstep(4.0, 14.0, size);
  vec3 base = vColour;
  if (vMark > 1.5) {
    // Dark outside, white inside: seen on every colour.
    line = 0.0;
    float width = clamp(0.1 * size, 0.8, 2.2);
    base = mix(base, vec3(1.0), 1.0 - smoothstep(2.0 * width - 0.5, 2.0 * width + 0.5, distance));
    base = mix(base, vec3(0.05), 1.0 - smoothstep(width - 0.5, width + 0.5, distance));
  } else if (vMark > 0.5) {
    line = 0.0;
    base = mix(base, vec3(1.0), 1.0 - smoothstep(1.2, 2.2, distance));
  }
  colour = vec4(mix(base, base * 0.4, line), 1.0);
}
`;

/** Cell numbers instead of colours, for picking: cell + 1, its lowest byte in red. */
export const PICK_VERTEX = /* glsl */ `${FACE}
flat out uint vId;

void main() {
  vId = (faceCode() & 0x1fffffffu) + 1u;
  gl_Position = uMatrix * vec4(position, 1.0);
}
`;

export const PICK_FRAGMENT = /* glsl */ `
precision highp float;
precision highp int;
flat in uint vId;
out vec4 colour;

void main() {
  colour = vec4(uvec4(vId, vId >> 8, vId >> 16, vId >> 24) & 255u) / 255.0;
}
`;

/** Lines and lit solids: what has no normal is not shaded. */
export const MARK_VERTEX = /* glsl */ `
precision highp float;
uniform mat4 uMatrix;
uniform vec3 uLight;      // towards the eye
in vec3 position;
in vec3 normal;
in vec3 tint;
flat out vec3 vColour;

void main() {
  float lit = dot(normal, normal) == 0.0 ? 1.0 : 0.62 + 0.38 * abs(dot(normal, uLight));
  vColour = tint * lit;
  gl_Position = uMatrix * vec4(position, 1.0);
}
`;

export const MARK_FRAGMENT = /* glsl */ `
precision highp float;
uniform float uOpacity;
flat in vec3 vColour;
out vec4 colour;

void main() {
  colour = vec4(vColour * uOpacity, uOpacity);
}
`;

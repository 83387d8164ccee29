// SPDX-License-Identifier: MIT
// What `bores-wasm/bores.wasm` and its kin are to a bundler that is asked for their address, with
// `?url` or as an asset; it goes to configureWasm().
declare const address: string;
export default address;

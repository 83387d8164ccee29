// SPDX-License-Identifier: MIT
// Style sheets are imported as text; the bundler puts it in place.
declare module '*.css' {
  const text: string;
  export default text;
}

export * from './chunks.ts';
export { unifiedDiff } from './diff/unified-diff.ts';
export { html, Markup } from './html/markup.ts';
export { jsonText } from './json/quote.ts';
export { counted } from './pretty/noun.ts';
export { type Entry, Page, type Style } from './pretty/page.ts';
export * from './registry.ts';
export * from './report-format.ts';
export { visibleLine } from './visible.ts';
export * from './yaml/decode.ts';
export { CannotSplice } from './yaml/edit/cannot-splice.ts';
export { composeSplices } from './yaml/edit/compose.ts';
export { applySplices, type SourceObject, type Splice, splicesOf } from './yaml/edit/splice.ts';
export {
  type ReadDocument,
  type ReadProblem,
  type ReadResult,
  readDocuments,
} from './yaml/read.ts';
export { type DocumentSlice, splitDocuments } from './yaml/split.ts';

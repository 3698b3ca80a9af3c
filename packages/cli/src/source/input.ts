/** One text to be read: a file, standard input, or what a renderer made of a template. */
export interface InputFile {
  /** How reports name it: the path as the user would type it, `-` for standard input, the template for rendered text. */
  readonly file: string;
  /** Where to read it from; absent when `text` is given. */
  readonly path?: string;
  readonly text?: string;
  /** For rendered text: the template's line, from 1, of every line. */
  readonly lineMap?: Uint32Array;
  /** The further values file that this text was rendered with; its objects stand beside those of the default values. */
  readonly variant?: string;
  /** Bytes, for sharing out the work; 0 when unknown. */
  readonly size: number;
}

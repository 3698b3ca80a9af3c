/** Options that decide what is read and by what it is judged; every command that judges takes them. */
export interface InputFlags {
  readonly config?: string | false;
  readonly kubernetesVersion?: string;
  readonly framework?: readonly string[];
  readonly control?: readonly string[];
  readonly exclude?: readonly string[];
  readonly profile?: string;
  readonly namespace?: readonly string[];
  readonly threads?: number;
  readonly maxFileSize: number;
  readonly ignore: boolean;
  readonly render: boolean;
}

/** Options of `bulwark scan` as the command line gives them. */
export interface ScanFlags extends InputFlags {
  readonly format: string;
  readonly output?: readonly string[];
  readonly failOn?: string;
  readonly minSeverity?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly strict?: boolean;
  readonly all?: boolean;
  readonly verdicts?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

/** Options of `bulwark fix`. */
export interface FixFlags extends InputFlags {
  readonly mayBreak?: boolean;
  readonly write?: boolean;
}

/** Options of `bulwark psa` and `bulwark exceptions audit`. */
export interface JudgeFlags extends InputFlags {
  readonly format: string;
  readonly baseline?: string;
}

/** Options of the commands that print the catalogue. */
export interface CatalogueFlags {
  readonly format: string;
  readonly color: boolean;
}

/** Options of `bulwark init`. */
export interface InitFlags {
  readonly force?: boolean;
}

/** Options of `bulwark scan` as the command line gives them. */
export interface ScanFlags {
  readonly format: string;
  readonly output?: readonly string[];
  readonly config?: string | false;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly failOn?: string;
  readonly kubernetesVersion?: string;
  readonly framework?: readonly string[];
  readonly control?: readonly string[];
  readonly exclude?: readonly string[];
  readonly profile?: string;
  readonly minSeverity?: string;
  readonly namespace?: readonly string[];
  readonly strict?: boolean;
  readonly all?: boolean;
  readonly verdicts?: boolean;
  readonly threads?: number;
  readonly maxFileSize: number;
  readonly ignore: boolean;
  readonly render: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

/** Options of the commands that print the catalogue. */
export interface CatalogueFlags {
  readonly format: string;
  readonly color: boolean;
}

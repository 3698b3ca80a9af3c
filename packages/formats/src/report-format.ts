import type { ScanReport, Severity } from '@bulwark/core';

/** How a report is printed. */
export interface ReportOptions {
  /** Columns of the output; 0 is unlimited. */
  readonly width: number;
  /** Whether ANSI colours may be used; the caller has looked at NO_COLOR and the terminal. */
  readonly color: boolean;
  /** Show every finding and every coverage entry instead of folding what matters less. */
  readonly showAll: boolean;
  /** From which severity on the scan fails. */
  readonly failOn: Severity | 'never';
  /** Whether the scan also fails on what could not be judged; it does not when absent. */
  readonly strict?: boolean;
  /** The command that made the report, as the user typed it; hints name it with an option more. */
  readonly command: string;
  /** The command that mends what an edit can mend; undefined where there is none, as for standard input. */
  readonly fixCommand?: string;
  /** The command that explains a control, without its id; `bulwark explain` when absent. */
  readonly explainCommand?: string;
}

/** A way to print the report of a scan. */
export interface ReportFormat {
  /** What `--format` takes: a slug, never reused. */
  readonly id: string;
  /** What the format is and whom it is for, in one line without a period. */
  readonly title: string;
  /**
   * The build server whose commands the format is made of. The conformance test then demands that texts of the input
   * add no command, instead of that there is none.
   */
  readonly speaksTo?: 'github';
  /**
   * What `write` leaves out because whoever reads the format takes no more, in a sentence that says how to get it all;
   * undefined when everything is in it. It is for the terminal: the report says so itself.
   */
  readonly cut?: (report: ScanReport, options: ReportOptions) => string | undefined;
  /**
   * The report in chunks, each made when it is asked for: the chunks of a big report never stand in memory together.
   * Neither the report nor the format changes by it. Texts of the report come from whoever wrote the input, so what
   * could steer a terminal or break the format has to be escaped.
   */
  write(report: ScanReport, options: ReportOptions): Iterable<string>;
}

/** Defines a report format; it exists for the product once it stands in `REPORT_FORMATS`. */
export function defineFormat(format: ReportFormat): ReportFormat {
  return format;
}

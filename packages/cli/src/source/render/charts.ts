import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type CoverageEntry, coverage, stringAt } from '@bulwark/core';
import { readDocuments, splitDocuments } from '@bulwark/formats';
import type { InputFile } from '../input.ts';
import { isFile, readTextFile, rememberFiles } from '../text-file.ts';
import { TemplateSource } from './line-map.ts';
import { findTool, runTool, type ToolEnvironment } from './tools.ts';

/** What rendering made of charts and overlays, and which files it stands for. */
export interface Rendered {
  readonly files: readonly InputFile[];
  readonly coverage: readonly CoverageEntry[];
  /** Whether a file is spoken for, so that it is not read as a manifest. */
  readonly covers: (path: string) => boolean;
}

/** How charts and overlays are rendered. */
export interface RenderOptions {
  /** The environment of tools, which are looked for on its PATH; undefined where none may be run. */
  readonly env: ToolEnvironment | undefined;
  /** How reports name a path. */
  readonly display: (path: string) => string;
}

const OWN_FILES = /^(Chart\.(ya?ml|lock)|values[^/]*\.(ya?ml|json)|requirements\.(ya?ml|lock))$/;
const EXTRA_VALUES = /^values[-._][^/]*\.ya?ml$/;

/** The charts among directories; a chart inside another's `charts` is part of that one. */
function chartsAmong(directories: readonly string[]): string[] {
  const charts = new Set(directories.filter((directory) => isFile(join(directory, 'Chart.yaml'))));
  const isSubchart = (chart: string): boolean =>
    foldersAbove(chart).some((folder) => basename(folder) === 'charts' && charts.has(dirname(folder)));
  return [...charts].filter((chart) => !isSubchart(chart));
}

/** Every folder around a path, the nearest first. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) folders.push(folder);
  return folders;
}

/** Renders every chart with its default values and then with each further values file beside them. */
export function renderCharts(directories: readonly string[], options: RenderOptions): Rendered {
  const charts = new Set(chartsAmong(directories));
  const files: InputFile[] = [];
  const entries: CoverageEntry[] = [];
  for (const chart of charts) {
    const rendered = renderChart(chart, options);
    files.push(...rendered.files);
    entries.push(...rendered.coverage);
  }
  const covers = (path: string): boolean =>
    foldersAbove(path).some((folder) => charts.has(folder) && isPartOf(path, folder));
  return { files, coverage: entries, covers };
}

function isPartOf(path: string, chart: string): boolean {
  const inside = path.slice(chart.length + 1);
  return /^(templates|charts|crds)\//.test(inside) || OWN_FILES.test(inside);
}

function renderChart(chart: string, { env, display }: RenderOptions): Pick<Rendered, 'files' | 'coverage'> {
  const shown = display(chart);
  const lost = (reason: string): CoverageEntry =>
    coverage('unrendered-chart', reason, { file: `${shown}/Chart.yaml` });
  const chartFile = readTextFile(join(chart, 'Chart.yaml'));
  if (!chartFile.ok) return { files: [], coverage: [lost(chartFile.error)] };
  const metadata = readDocuments(chartFile.value).documents[0]?.value;
  // A library chart renders nothing by itself; what it offers is judged in the charts that use it.
  if (stringAt(metadata, 'type') === 'library') return { files: [], coverage: [] };
  const helm = findTool('helm', env);
  if (helm === undefined || env === undefined)
    return {
      files: [],
      coverage: [lost(`${missing(env, 'Helm is not')} Run: helm template ${shown} | bulwark scan -`)],
    };
  const files: InputFile[] = [];
  const entries: CoverageEntry[] = [];
  const known = new Set<string>();
  const sources = rememberFiles((text) => new TemplateSource(text));
  for (const values of [undefined, ...extraValues(chart)]) {
    const args = [
      'template',
      'release',
      chart,
      '--include-crds',
      ...(values === undefined ? [] : ['--values', join(chart, values)]),
    ];
    const result = runTool(helm, args, env);
    if (result.ok) files.push(...templatesOf(result.value, chart, { known, sources, values, display }));
    else
      entries.push(
        lost(`Helm could not render it${values === undefined ? '' : ` with ${values}`}: ${result.error}`),
      );
  }
  if (entries.length === 0) entries.push(...silentTemplates(chart, files, display));
  return { files, coverage: entries };
}

/** Templates that made nothing with any of the values: conditions that these values never meet. */
function silentTemplates(
  chart: string,
  files: readonly InputFile[],
  display: (path: string) => string,
): CoverageEntry[] {
  const spoke = new Set(files.map(({ file }) => file));
  const silent = templateFiles(chart).filter((path) => !spoke.has(display(path)));
  if (silent.length === 0) return [];
  const names = silent.map((path) => path.slice(chart.length + 1));
  const shown = names.slice(0, MOST_NAMED).join(', ');
  const rest = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const reason = `No values file of the chart makes these templates render anything: ${shown}${rest}.`;
  return [coverage('empty-template', reason, { file: `${display(chart)}/Chart.yaml` })];
}

const MOST_NAMED = 5;

/** The templates of a chart and of the charts in it that can make objects. */
function templateFiles(chart: string): string[] {
  return readdirSync(chart, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|\/)templates\/(?!(.*\/)?(_|tests\/)).+\.ya?ml$/.test(name))
    .map((name) => join(chart, name))
    .sort();
}

/** Why no tool was found: the user turned rendering off, or the PATH has none. */
export function missing(env: ToolEnvironment | undefined, tool: string): string {
  return env === undefined ? 'It was not rendered (--no-render).' : `${tool} on the PATH to render it.`;
}

function extraValues(chart: string): string[] {
  return readdirSync(chart)
    .filter((name) => EXTRA_VALUES.test(name))
    .sort();
}

interface Variant {
  /** Texts that an earlier values file gave already. */
  readonly known: Set<string>;
  readonly sources: (path: string) => TemplateSource | undefined;
  readonly values: string | undefined;
  readonly display: (path: string) => string;
}

const SOURCE = /^# Source: (.+)$/m;

/** Cuts Helm's output into one input for each document, named after the template that made it. */
function templatesOf(
  output: string,
  chart: string,
  { known, sources, values, display }: Variant,
): InputFile[] {
  return splitDocuments(output).flatMap(({ start, end }): InputFile[] => {
    const text = output.slice(start, end);
    if (known.has(text)) return [];
    known.add(text);
    // "chart-name/templates/x.yaml": the name may differ from the folder's.
    const source = SOURCE.exec(text)?.[1]?.split('/').slice(1).join('/');
    const template = source === undefined ? join(chart, 'Chart.yaml') : join(chart, source);
    const lineMap = sources(template)?.map(text) ?? new Uint32Array(text.split('\n').length).fill(1);
    const variant = values === undefined ? {} : { variant: basename(values) };
    return [{ file: display(template), text, lineMap, size: text.length, ...variant }];
  });
}

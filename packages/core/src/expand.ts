import { type ApiLife, lifecycleOf } from './api-lifecycle.ts';
import { type CoverageCode, type CoverageEntry, coverage } from './coverage.ts';
import { groupOf, isBuiltInGroup } from './group-kind.ts';
import { get, isObject, type Json, type JsonObject, stringAt } from './json.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';
import { type FileLines, type FileOrigin, positionOf } from './origin.ts';
import { formatPath, type Path, valueAt } from './path.ts';
import { isKubernetesObject, nameOf, type Resource, toResource } from './resource.ts';

/** A parsed document of a file; `offsets` as in `FileOrigin`. */
export interface SourceDocument {
  readonly value: unknown;
  readonly offsets: Uint32Array;
  readonly index: number;
}

/** How documents become resources. */
export interface ExpandOptions {
  readonly kubernetes: KubernetesVersion;
  readonly defaultNamespace?: string;
}

/** What a document holds, and what of it could not be used. */
export interface Expanded {
  readonly resources: readonly Resource[];
  readonly coverage: readonly CoverageEntry[];
}

const WIDTH = 4;
const MAX_LIST_NESTING = 10;

/** The resources of a document: itself, or the items of a List, nested Lists included. */
export function expandDocument(document: SourceDocument, lines: FileLines, options: ExpandOptions): Expanded {
  const expansion = new Expansion(document, lines, options);
  if (document.value !== null && document.value !== undefined) expansion.add(document.value as Json, 0, 0);
  return expansion;
}

class Expansion implements Expanded {
  readonly resources: Resource[] = [];
  readonly coverage: CoverageEntry[] = [];
  private readonly document: SourceDocument;
  private readonly lines: FileLines;
  private readonly options: ExpandOptions;

  constructor(document: SourceDocument, lines: FileLines, options: ExpandOptions) {
    this.document = document;
    this.lines = lines;
    this.options = options;
  }

  add(value: Json, node: number, depth: number): void {
    if (!isKubernetesObject(value)) {
      const broken = whyRefused(value);
      if (broken === undefined) this.note('not-kubernetes', 'There is no apiVersion and kind in it.', node);
      else this.note('malformed-object', broken, node);
      return;
    }
    const kind = stringAt(value, 'kind') ?? '';
    const isList = kind.endsWith('List') && (Array.isArray(value['items']) || kind === 'List');
    if (isList && depth < MAX_LIST_NESTING) this.addItems(value, kind, node, depth);
    else this.addObject(value, node);
  }

  private addItems(list: JsonObject, kind: string, node: number, depth: number): void {
    if (!Array.isArray(list['items'] ?? [])) this.note('malformed-object', 'items is not a list.', node);
    let at = node + WIDTH;
    for (const [key, value] of Object.entries(list)) {
      if (key === 'items' && Array.isArray(value)) {
        let item = at + WIDTH;
        for (const entry of value) {
          if (entry !== null) this.add(withListType(entry, list, kind), item, depth + 1);
          item += this.sizeOf(item);
        }
      }
      at += this.sizeOf(at);
    }
  }

  private sizeOf(node: number): number {
    return (this.document.offsets[node + 3] ?? 1) * WIDTH;
  }

  private addObject(object: JsonObject, node: number): void {
    const { lines, document, options } = this;
    const origin: FileOrigin = {
      kind: 'file',
      lines,
      document: document.index,
      offsets: document.offsets,
      node,
    };
    const wrong = ['name', 'namespace'].find((field) => !isTextOrAbsent(get(object, 'metadata', field)));
    if (wrong !== undefined) {
      const reason = `metadata.${wrong} is not a text; what YAML reads as something else has to be quoted.`;
      this.note('malformed-object', reason, node);
      return;
    }
    const resource = toResource(object, origin, options.defaultNamespace);
    if (nameOf(object) === undefined) {
      if (isToolConfiguration(resource))
        this.note(
          'not-kubernetes',
          `${resource.kind} is a tool's configuration, not an object of the API.`,
          node,
        );
      else
        this.note(
          'missing-name',
          `${resource.kind} has neither metadata.name nor metadata.generateName.`,
          node,
        );
      return;
    }
    const life = lifecycleOf(resource.group, resource.kind, resource.apiVersion, options.kubernetes.minor);
    if (life.state === 'never-existed') {
      this.note(
        'unknown-version',
        `${resource.apiVersion} never existed for ${resource.kind}${instead(life)}.`,
        node,
      );
      return;
    }
    if (life.state === 'removed')
      this.note(
        'removed-api',
        `${resource.apiVersion} ${resource.kind} is removed in Kubernetes 1.${life.removed}${instead(life)}.`,
        node,
      );
    this.resources.push(resource);
    for (const { malformed } of resource.workloads)
      for (const path of malformed) this.note('malformed-object', describeMalformed(object, path), node);
  }

  private note(code: CoverageCode, reason: string, node: number): void {
    const { line, column } = positionOf(this.lines, this.document.offsets[node + 1] ?? 0);
    this.coverage.push(coverage(code, reason, { file: this.lines.file, line, column }));
  }
}

function describeMalformed(object: JsonObject, path: Path): string {
  const isMissing = valueAt(object, path) === undefined;
  return `${formatPath(object, path)} is ${isMissing ? 'missing' : 'not what it must be'}.`;
}

/** Why the API server refuses what is plainly meant to be an object; undefined where it is something else. */
function whyRefused(value: Json): string | undefined {
  if (Array.isArray(value))
    return value.some(isKubernetesObject)
      ? 'Objects stand in a list without a kind; kubectl refuses it. Use kind: List with items.'
      : undefined;
  const kind = stringAt(value, 'kind') ?? '';
  const meant =
    isObject(value) && kind !== '' && (value['apiVersion'] !== undefined || isObject(value['metadata']));
  if (!meant) return undefined;
  return value['apiVersion'] === undefined
    ? `${kind} has no apiVersion.`
    : `The apiVersion of ${kind} is not a text.`;
}

function isTextOrAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function instead({ replacement }: ApiLife): string {
  return replacement === undefined ? '' : `; use ${replacement}`;
}

/** Items of a typed list (`PodList`) as the API server sends them carry no type of their own. */
function withListType(item: Json, list: JsonObject, kind: string): Json {
  if (!isObject(item) || kind === 'List' || item['kind'] !== undefined || item['apiVersion'] !== undefined)
    return item;
  // The type goes last, where it moves no other key: positions follow the order of the keys.
  return { ...item, apiVersion: list['apiVersion'], kind: kind.slice(0, -'List'.length) };
}

function isToolConfiguration({ object, apiVersion, workloads }: Resource): boolean {
  return object['metadata'] === undefined && workloads.length === 0 && !isBuiltInGroup(groupOf(apiVersion));
}

import { createHash } from 'node:crypto';
import { canonicalJson, imageNameOf, type JsonObject, type Manifest } from '@bulwark/core';
import type { PoolClient } from 'pg';
import type { Scope } from '../scope.ts';
import type { Store } from '../store.ts';
import { announce } from '../write/announce.ts';
import { storableJson } from '../write/storable-json.ts';

/** What a build says of itself and of its verdict. */
export interface BuildFacts {
  readonly repository: string;
  readonly commit: string;
  readonly ref: string | null;
  readonly run: string | null;
  readonly author: string | null;
  readonly system: string;
  readonly verdict: 'passed' | 'failed';
  readonly failOn: string;
  /** How many controls judged it. */
  readonly controls: number;
  /** Open findings by severity, info first. */
  readonly counts: readonly number[];
  /** By the build's clock. */
  readonly at: Date;
}

/** An image by its digest, and whether the build made it. */
export interface BuildImage {
  readonly name: string;
  readonly digest: string;
  readonly made: boolean;
}

export interface NewBuild extends BuildFacts {
  readonly manifests: readonly Manifest[];
  readonly images: readonly BuildImage[];
  readonly received: Date;
  readonly postedBy: string;
  /** Of who posted it, as they were given: with patterns. */
  readonly limits: Pick<Scope, 'clusters' | 'namespaces'>;
}

/** Keeps what a build says. The same again, at whatever time, is the record that is there already. */
export async function recordBuild(
  { pool }: Store,
  build: NewBuild,
): Promise<{ readonly id: number; readonly created: boolean }> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const made = await insertRecord(client, build);
    if (made.created) {
      await insertContents(client, made.id, build);
      const { clusters, namespaces } = build.limits;
      // As those see it who may read it.
      const named = build.manifests.map(({ namespace }) => namespace);
      await announce(client, {
        topics: ['inventory'],
        clusters,
        namespaces: namespaces === 'all' ? ['', ...named] : [...namespaces, ...named],
      });
    }
    await client.query('commit');
    client.release();
    return made;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** By content, with a hash that nobody can make two contents for: whoever may post one must not change another's. */
function hashOf(content: JsonObject): Buffer {
  return sha256(canonicalJson(content));
}

function digestOf({ at: _at, received: _received, manifests, images, ...facts }: NewBuild): Buffer {
  const contents = manifests.map(({ content }) => hashOf(content).toString('hex')).sort();
  const named = images.map(({ name, digest, made }) => `${name}@${digest}${made ? ' made' : ''}`).sort();
  return sha256(canonicalJson({ ...facts, contents, named } as unknown as JsonObject));
}

async function insertRecord(client: PoolClient, build: NewBuild) {
  const digest = digestOf(build);
  const { clusters, namespaces } = build.limits;
  const { rows } = await client.query<{ id: number }>(
    `insert into build_record (digest, repository, commit, ref, run, author, system, verdict, fail_on, controls, counts, at,
       received_at, posted_by, clusters, namespaces)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (digest) do nothing returning id`,
    [
      digest,
      build.repository,
      build.commit,
      build.ref,
      build.run,
      build.author,
      build.system,
      build.verdict,
      build.failOn,
      build.controls,
      build.counts,
      build.at,
      build.received,
      build.postedBy,
      clusters === 'all' ? null : clusters,
      namespaces === 'all' ? null : namespaces,
    ],
  );
  if (rows[0] !== undefined) return { id: rows[0].id, created: true };
  const known = await client.query<{ id: number }>('select id from build_record where digest = $1', [digest]);
  return { id: known.rows[0]?.id ?? 0, created: false };
}

async function insertContents(
  client: PoolClient,
  id: number,
  { manifests, images }: NewBuild,
): Promise<void> {
  const rows = manifests.map(({ kind, namespace, name, content, images: own }) => ({
    kind,
    namespace,
    name,
    hash: hashOf(content).toString('hex'),
    images: [...new Set(own.map(imageNameOf))],
    content,
  }));
  // In one order, so that two builds which keep the same manifests wait for each other instead of dying of it.
  rows.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  await client.query(
    `insert into build_manifest (hash, content)
     select decode(hash, 'hex'), content from json_to_recordset($1) as x(hash text, content jsonb) on conflict do nothing`,
    [storableJson(rows)],
  );
  await client.query(
    `insert into build_object (record_id, kind, namespace, name, hash, images)
     select $2, kind, namespace, name, decode(hash, 'hex'), images
     from json_to_recordset($1) as x(kind text, namespace text, name text, hash text, images text[])
     on conflict do nothing`,
    [storableJson(rows.map(({ content: _content, ...row }) => row)), id],
  );
  await client.query(
    `insert into build_image (record_id, name, digest, made)
     select $2, name, digest, bool_or(made) from json_to_recordset($1) as x(name text, digest text, made boolean)
     group by name, digest`,
    [storableJson(images), id],
  );
}

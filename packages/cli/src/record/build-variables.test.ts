import { describe, expect, it } from 'vitest';
import { buildSource } from './build-variables.ts';

const SHA = 'c0ffee'.padEnd(40, '0');

const GITHUB = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SHA: SHA,
  GITHUB_REF_NAME: 'main',
  GITHUB_RUN_ID: '77',
  GITHUB_ACTOR: 'ann',
};

describe('what is being built', () => {
  it.each([
    {
      system: 'github-actions',
      env: GITHUB,
      says: {
        repository: 'github.com/acme/shop',
        ref: 'main',
        run: 'https://github.com/acme/shop/actions/runs/77',
        author: 'ann',
      },
    },
    {
      system: 'gitlab-ci',
      env: {
        GITLAB_CI: 'true',
        CI_PROJECT_URL: 'https://gitlab.example.com/acme/web/shop',
        CI_COMMIT_SHA: SHA,
        CI_COMMIT_REF_NAME: 'v1',
        CI_JOB_URL: 'https://gitlab.example.com/acme/web/shop/-/jobs/1',
        CI_COMMIT_AUTHOR: 'Ann Example <ann@example.com>',
      },
      says: {
        repository: 'gitlab.example.com/acme/web/shop',
        ref: 'v1',
        run: 'https://gitlab.example.com/acme/web/shop/-/jobs/1',
        author: 'Ann Example',
      },
    },
    {
      system: 'jenkins',
      env: {
        JENKINS_URL: 'https://ci.example.com/',
        GIT_URL: 'git@git.example.com:acme/shop.git',
        GIT_COMMIT: SHA,
        GIT_BRANCH: 'origin/main',
        BUILD_URL: 'https://ci.example.com/job/shop/1/',
      },
      says: {
        repository: 'git.example.com/acme/shop',
        ref: 'origin/main',
        run: 'https://ci.example.com/job/shop/1/',
        author: null,
      },
    },
    {
      system: 'circleci',
      env: {
        CIRCLECI: 'true',
        CIRCLE_REPOSITORY_URL: 'https://github.com/acme/shop',
        CIRCLE_SHA1: SHA,
        CIRCLE_BRANCH: 'main',
        CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/shop/1',
        CIRCLE_USERNAME: 'ann',
      },
      says: {
        repository: 'github.com/acme/shop',
        ref: 'main',
        run: 'https://circleci.com/gh/acme/shop/1',
        author: 'ann',
      },
    },
    {
      system: 'azure-pipelines',
      env: {
        TF_BUILD: 'True',
        BUILD_REPOSITORY_URI: 'https://ann@dev.azure.com/acme/shop/_git/shop',
        BUILD_SOURCEVERSION: SHA,
        BUILD_SOURCEBRANCH: 'refs/heads/feature/a',
        SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/',
        SYSTEM_TEAMPROJECT: 'shop',
        BUILD_BUILDID: '9',
        BUILD_REQUESTEDFOR: 'Ann',
      },
      says: {
        repository: 'dev.azure.com/acme/shop/_git/shop',
        ref: 'feature/a',
        run: 'https://dev.azure.com/acme/shop/_build/results?buildId=9',
        author: 'Ann',
      },
    },
    {
      system: 'buildkite',
      env: {
        BUILDKITE: 'true',
        BUILDKITE_REPO: 'ssh://git@github.com:22/acme/shop.git',
        BUILDKITE_COMMIT: SHA,
        BUILDKITE_BRANCH: 'main',
        BUILDKITE_TAG: '',
        BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/shop/builds/1',
        BUILDKITE_BUILD_AUTHOR: 'Ann',
      },
      says: {
        repository: 'github.com:22/acme/shop',
        ref: 'main',
        run: 'https://buildkite.com/acme/shop/builds/1',
        author: 'Ann',
      },
    },
    {
      system: 'other',
      env: { BULWARK_BUILD_REPOSITORY: 'git.example.com/shop', BULWARK_BUILD_COMMIT: SHA.toUpperCase() },
      says: { repository: 'git.example.com/shop', ref: null, run: null, author: null },
    },
  ])('is read from the variables of $system', ({ system, env, says }) => {
    expect(buildSource(env)).toEqual({ system, commit: SHA, ...says });
  });

  it('holds no name and no password, wherever a variable has one', () => {
    const source = buildSource({
      ...GITHUB,
      BULWARK_BUILD_REPOSITORY: 'https://oauth2:hunter2@git.example.com/acme/shop.git?token=hunter2',
      BULWARK_BUILD_RUN: 'https://ann:hunter2@ci.example.com/runs/1',
    });

    expect(source).toMatchObject({
      repository: 'git.example.com/acme/shop',
      run: 'https://ci.example.com/runs/1',
    });
    expect(JSON.stringify(source)).not.toContain('hunter2');
  });

  it('holds no secret in an address, a branch or a name', () => {
    const token = ['ghp', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3d'].join('_');
    const source = buildSource({
      ...GITHUB,
      BULWARK_BUILD_REPOSITORY: `git.example.com/${token}/shop`,
      BULWARK_BUILD_REF: `refs/heads/${token}`,
      BULWARK_BUILD_RUN: `https://ann@ci.example.com/1?page=2&token=${token}`,
      BULWARK_BUILD_AUTHOR: `Ann ${token}`,
    });

    expect(source).toMatchObject({
      repository: 'git.example.com/[redacted]/shop',
      ref: 'refs/heads/[redacted]',
      run: 'https://ci.example.com/1?page=2&token=[redacted]',
      author: 'Ann [redacted]',
    });
  });

  it('that is longer than the hub takes is refused, where half of it would lead nowhere', () => {
    expect(() =>
      buildSource({
        ...GITHUB,
        BULWARK_BUILD_REPOSITORY: 'x'.repeat(501),
        BULWARK_BUILD_RUN: `https://ci.example.com/${'x'.repeat(2000)}`,
      }),
    ).toThrow(
      /BULWARK_BUILD_REPOSITORY must have at most 500 letters\n {2}BULWARK_BUILD_RUN .* 2000 letters/,
    );
    expect(buildSource({ ...GITHUB, BULWARK_BUILD_REF: 'x'.repeat(501) }).ref).toHaveLength(300);
  });

  it('is one line where a variable holds several', () => {
    expect(buildSource({ ...GITHUB, BULWARK_BUILD_AUTHOR: 'Ann\n\u001b[31mred' }).author).toBe('Ann [31mred');
  });

  it('that nobody tells is asked for, all at once', () => {
    expect(() =>
      buildSource({ BULWARK_BUILD_COMMIT: 'main', BULWARK_BUILD_RUN: 'javascript:alert(1)' }),
    ).toThrow(
      [
        '--record: this is no build system that is known here',
        '  BULWARK_BUILD_REPOSITORY must say what is built, such as github.com/acme/shop',
        '  BULWARK_BUILD_COMMIT must be the commit, 7 to 64 hexadecimal digits',
        '  BULWARK_BUILD_RUN must be an address of http or https',
      ].join('\n'),
    );
  });
});

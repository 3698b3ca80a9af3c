import { Button, Code, CopyButton, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';

/** What has to be passed on and cannot be asked for again, in full: nothing of it is cut or has to be scrolled to. */
export function ShownOnce({ hint, secret }: { readonly hint: string; readonly secret: string }) {
  const copier = useRef<HTMLButtonElement>(null);
  // It comes in the place of what had the focus.
  useEffect(() => copier.current?.focus(), []);
  return (
    <>
      <Text size="sm">{hint}</Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {secret}
      </Code>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button
            ref={copier}
            size="compact-sm"
            variant="default"
            onClick={copy}
            style={{ alignSelf: 'flex-start' }}
          >
            {copied ? 'Copied' : 'Copy it'}
          </Button>
        )}
      </CopyButton>
    </>
  );
}

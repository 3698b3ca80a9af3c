import type { Passport } from '@bulwark/api';
import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { amount } from '../../parts/amount.ts';
import { FirstOf } from '../../parts/first-of.tsx';
import { workloadAddress } from '../../parts/names.tsx';
import { NodeName } from './linked.tsx';

/** Most pods that are listed at first. */
const MOST_PODS = 20;

/** The pods of a workload and the nodes that they are on, each of which leads to its page. */
export function Where({ passport }: { readonly passport: Passport }) {
  const { podList, nodes, pods, cluster, resource } = passport;
  return (
    <>
      <Text size="sm">
        {pods === 0
          ? 'No pod of it is there.'
          : nodes.length === 0
            ? `${amount(pods, 'pod')}, on no node yet.`
            : `${amount(pods, 'pod')} on ${amount(nodes.length, 'node')}: `}
        {nodes.map((node, index) => (
          <Fragment key={node}>
            {index > 0 && ', '}
            <NodeName name={node} cluster={cluster} />
          </Fragment>
        ))}
      </Text>
      <FirstOf items={podList} most={MOST_PODS}>
        {(shown) => (
          <Table withRowBorders={false} verticalSpacing={0} fz="xs">
            <Table.Tbody>
              {shown.map(({ name, node, phase, ip }) => (
                <Table.Tr key={name}>
                  <Table.Td className="breaks">
                    <Link
                      to="/objects/$cluster/$kind/$namespace/$name"
                      params={workloadAddress(cluster, { ...resource, apiVersion: 'v1', kind: 'Pod', name })}
                    >
                      {name}
                    </Link>
                  </Table.Td>
                  <Table.Td className="breaks">
                    {node !== null && <NodeName name={node} cluster={cluster} />}
                  </Table.Td>
                  <Table.Td>{phase}</Table.Td>
                  <Table.Td className="mono">{ip}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </FirstOf>
    </>
  );
}

import { iptablesChain } from '../../../src/resources/iptables-chain.ts';
import { runCases } from '../../support/cases.ts';

runCases(iptablesChain, import.meta.url, 'iptables-chain.cases.yml');

import { user } from '../../../src/resources/user.ts';
import { runCases } from '../../support/cases.ts';

runCases(user, import.meta.url);

import { ApiFailure } from '../api/api-failure.js';
import { fieldError } from './field-errors.js';

const failure = new ApiFailure('problem', {
  status: 422,
  errors: [
    { field: 'body.branding.color', message: 'must be a colour' },
    { field: 'connectors.0', message: 'is not there' },
    { field: 'name', message: 'is too long' },
  ],
});

test.each([
  ['branding.color', 'must be a colour'],
  ['branding', 'must be a colour'],
  ['connectors', 'is not there'],
  ['name', 'is too long'],
  ['nam', undefined],
  ['color', undefined],
])('%s is told %s', (field, message) => {
  expect(fieldError(failure, field)).toBe(message);
});

test('any other error says nothing of a field', () => {
  expect(fieldError(new Error('name'), 'name')).toBeUndefined();
});

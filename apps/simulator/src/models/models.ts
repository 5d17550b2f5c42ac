import type { FastifyInstance } from 'fastify';
import type { SimulatorContext } from '../context.js';
import { OAuthRefusal } from '../upstream/refusal.js';
import { apple } from './apple/apple.js';
import type { ModelClient } from './clients.js';
import { facebook } from './facebook/facebook.js';
import { github } from './github/github.js';
import { google } from './google/google.js';
import { Model, type ModelDefinition, type ModelName } from './model.js';
import { rotating } from './rotating/rotating.js';
import { slack } from './slack/slack.js';
import { withings } from './withings/withings.js';

const definitions: Readonly<Record<ModelName, ModelDefinition>> = {
  google,
  github,
  apple,
  facebook,
  slack,
  withings,
  rotating,
};

/** All simulated providers but Acme Home, by the name that is also their prefix. */
export type Models = Readonly<Record<ModelName, Model>>;

/** Clients that a model knows from the start. */
export type FirstClients = Readonly<Partial<Record<ModelName, readonly ModelClient[]>>>;

/** @throws UnfitClient, ZodError */
export function createModels(context: SimulatorContext, clients: FirstClients = {}): Models {
  const create = (name: ModelName): Model => new Model(definitions[name], context, clients[name]);
  return Object.fromEntries(Object.keys(definitions).map((name) => [name, create(name as ModelName)])) as Record<
    ModelName,
    Model
  >;
}

/** Every model's endpoints below its prefix. */
export function modelRoutes(server: FastifyInstance, models: Models): void {
  for (const model of Object.values(models)) {
    server.register(
      (scope, _options, done) => {
        scope.setErrorHandler((error, request, reply) => {
          if (error instanceof OAuthRefusal) return model.refuse(reply, error, request);
          throw error;
        });
        definitions[model.name].routes(scope, model);
        done();
      },
      { prefix: `/${model.name}` },
    );
  }
}

-- Run once by the postgres image, when its volume is empty. One role owns the schema and migrates; each application
-- logs in as a role of its own that is only granted its group, so that row-level security binds it.
\getenv migrator_password MIGRATOR_DB_PASSWORD
\getenv broker_password BROKER_DB_PASSWORD
\getenv worker_password WORKER_DB_PASSWORD
\getenv admin_password ADMIN_DB_PASSWORD

CREATE ROLE linkbroker_migrator LOGIN PASSWORD :'migrator_password';
CREATE DATABASE linkbroker OWNER linkbroker_migrator;

-- The groups that the migrations grant rights to; they would make them, had the migrator the right to.
CREATE ROLE linkbroker_broker NOLOGIN;
CREATE ROLE linkbroker_worker NOLOGIN;
CREATE ROLE linkbroker_admin NOLOGIN;
CREATE ROLE linkbroker_resolver NOLOGIN;
-- The migrations hand the functions that look across tenants to the resolver.
GRANT linkbroker_resolver TO linkbroker_migrator WITH ADMIN OPTION;

CREATE ROLE linkbroker_broker_login LOGIN PASSWORD :'broker_password';
GRANT linkbroker_broker TO linkbroker_broker_login;
CREATE ROLE linkbroker_worker_login LOGIN PASSWORD :'worker_password';
GRANT linkbroker_worker TO linkbroker_worker_login;
CREATE ROLE linkbroker_admin_login LOGIN PASSWORD :'admin_password';
GRANT linkbroker_admin TO linkbroker_admin_login;

REVOKE CONNECT ON DATABASE linkbroker FROM PUBLIC;
GRANT CONNECT ON DATABASE linkbroker TO linkbroker_broker, linkbroker_worker, linkbroker_admin;

-- Run once by the image of Postgres, when its volume is new. psql reads the passwords and quotes them itself.
\set owner `cat /run/secrets/owner_password`
\set application `cat /run/secrets/application_password`
\set operator `cat /run/secrets/operator_password`
CREATE ROLE callstore_owner LOGIN PASSWORD :'owner';
ALTER DATABASE :"DBNAME" OWNER TO callstore_owner;
CREATE ROLE callstore_app NOLOGIN;
CREATE ROLE callstore_operator NOLOGIN IN ROLE callstore_app;
CREATE ROLE callstore LOGIN PASSWORD :'application' IN ROLE callstore_app;
CREATE ROLE callstore_hand LOGIN PASSWORD :'operator' IN ROLE callstore_operator;

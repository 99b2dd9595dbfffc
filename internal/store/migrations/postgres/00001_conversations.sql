-- +goose Up
-- A session is where one visitor stands. The visitor is a keyed hash.
CREATE TABLE session (
	visitor bytea  NOT NULL PRIMARY KEY,
	version bigint NOT NULL,
	state   bytea  NOT NULL, -- JSON, sealed
	updated bigint NOT NULL -- unix seconds
);

-- A seen row is one update that was answered. The key is a keyed hash and the
-- reply is sealed.
CREATE TABLE seen (
	visitor bytea  NOT NULL,
	key     bytea  NOT NULL,
	reply   bytea  NOT NULL,
	at      bigint NOT NULL, -- unix seconds
	PRIMARY KEY (visitor, key)
);

-- +goose Down
DROP TABLE seen;
DROP TABLE session;

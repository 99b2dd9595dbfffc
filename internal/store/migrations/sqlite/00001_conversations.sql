-- +goose Up
-- A session is where one visitor stands. The visitor is a keyed hash.
CREATE TABLE session (
	visitor BLOB    NOT NULL PRIMARY KEY,
	version INTEGER NOT NULL,
	state   BLOB    NOT NULL, -- JSON, sealed
	updated INTEGER NOT NULL  -- unix seconds
);

-- A seen row is one update that was answered. The key is a keyed hash and the
-- reply is sealed.
CREATE TABLE seen (
	visitor BLOB    NOT NULL,
	key     BLOB    NOT NULL,
	reply   BLOB    NOT NULL,
	at      INTEGER NOT NULL, -- unix seconds
	PRIMARY KEY (visitor, key)
);

-- +goose Down
DROP TABLE seen;
DROP TABLE session;

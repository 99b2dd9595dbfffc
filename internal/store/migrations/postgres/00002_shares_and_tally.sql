-- +goose Up
-- A share is a list of courses behind a link. Code and owner are keyed hashes;
-- the list is sealed under the code, which is kept nowhere.
CREATE TABLE share (
	code  bytea  NOT NULL PRIMARY KEY,
	owner bytea  NOT NULL, -- the visitor who made it
	list  bytea  NOT NULL, -- JSON, sealed
	made  bigint NOT NULL, -- unix seconds
	ends  bigint NOT NULL  -- unix seconds
);

CREATE INDEX share_owner ON share (owner);

CREATE INDEX share_ends ON share (ends);

-- The tally counts what was asked or lacking, and knows nobody.
CREATE TABLE tally (
	day      text   NOT NULL, -- 2026-11-24
	kind     text   NOT NULL, -- "blind": no place within the reach that was asked for
	field    text   NOT NULL, -- "" is any
	finality text   NOT NULL, -- "" is any
	commune  text   NOT NULL, -- the main postcode of a commune
	language text   NOT NULL,
	count    bigint NOT NULL,
	PRIMARY KEY (day, kind, field, finality, commune, language)
);

-- +goose Down
DROP TABLE tally;
DROP TABLE share;

BEGIN TRANSACTION;
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
                created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR NOT NULL,
                author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0,
                voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
INSERT INTO "comments" VALUES(1,1,NULL,1767614400.5,NULL,1,'192.0.2.0','No *rye*','Ada','ada@example.org',NULL,3,1,X'00',0);
INSERT INTO "comments" VALUES(1,2,1,1767614460.0,1767614470.0,1,'192.0.2.0','Why','Bob',NULL,NULL,0,0,X'00',0);
INSERT INTO "comments" VALUES(1,3,1,1767614520.0,NULL,2,'192.0.2.0','Held',NULL,NULL,NULL,0,0,X'00',0);
INSERT INTO "comments" VALUES(1,4,NULL,1767614580.0,NULL,4,'192.0.2.0','',NULL,NULL,NULL,0,0,X'00',0);
CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
INSERT INTO "threads" VALUES(1,'/blog/bread/','Bread');
INSERT INTO "threads" VALUES(2,'/blog/none/','None');
COMMIT;

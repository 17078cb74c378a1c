BEGIN TRANSACTION;
CREATE TABLE wl_Comment (id INTEGER PRIMARY KEY, user_id INTEGER, comment TEXT, insertedAt DATETIME, ip TEXT,
        link TEXT, mail TEXT, nick TEXT, rid INTEGER, pid INTEGER, sticky NUMERIC, status TEXT NOT NULL, "like" INTEGER,
        ua TEXT, url TEXT, createdAt DATETIME, updatedAt DATETIME);
INSERT INTO "wl_Comment" VALUES(1,NULL,'Too *sour*','2026-01-05 12:00:00','192.0.2.1',NULL,'ada@example.org','Ada',NULL,NULL,NULL,'approved',2,NULL,'/a/',NULL,NULL);
INSERT INTO "wl_Comment" VALUES(2,NULL,'Hm','2026-01-05 12:01:00','192.0.2.1',NULL,'','Bob',NULL,1,NULL,'spam',0,NULL,'/a/',NULL,NULL);
INSERT INTO "wl_Comment" VALUES(3,NULL,'Hi','2026-01-05 12:02:00','192.0.2.1',NULL,NULL,'Cy',NULL,NULL,NULL,'waiting',0,NULL,'/b/',NULL,NULL);
COMMIT;

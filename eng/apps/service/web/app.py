#!/usr/bin/env python3
"""Counts who comes in Redis and keeps what they say in PostgreSQL: GET /WORD answers "COUNT ROWS CLIENT"."""
import http.server

import psycopg2
import redis


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with psycopg2.connect(host="db", user="postgres", dbname="postgres", connect_timeout=5) as connection:
            with connection.cursor() as cursor:
                cursor.execute("create table if not exists words (word text)")
                cursor.execute("insert into words values (%s)", (self.path[1:],))
                cursor.execute("select count(*) from words")
                rows = cursor.fetchone()[0]
            # nothing is committed when this fails
            count = redis.Redis(host="cache", socket_timeout=5).incr("count")
        answer = f"{count} {rows} {self.headers['X-Forwarded-For']}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Page).serve_forever()

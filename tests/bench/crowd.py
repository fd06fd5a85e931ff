#!/usr/bin/env python3
"""crowd.py CERT.pem N: an SMTP server with STARTTLS on port 25 of every loopback address. It greets
nobody before N connections are open at once (0: everybody at once), so that N walks are in flight."""
import asyncio
import ssl
import sys

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
wanted = int(sys.argv[2])
opened = 0
all_here = None


async def serve(reader, writer):
    global opened
    opened += 1
    if opened >= wanted:
        all_here.set()
    try:
        await all_here.wait()
        writer.write(b'220 mx.bench.test ESMTP\r\n')
        while line := await reader.readline():
            verb = line.split()[0].upper() if line.split() else b''
            if verb == b'EHLO':
                writer.write(b'250-mx.bench.test\r\n250-SIZE 10000000\r\n250 STARTTLS\r\n')
            elif verb == b'STARTTLS':
                writer.write(b'220 go\r\n')
                await writer.start_tls(context)
            elif verb == b'QUIT':
                writer.write(b'221 bye\r\n')
                break
            else:
                writer.write(b'250 ok\r\n')
        await writer.drain()
    except (OSError, ssl.SSLError):
        pass
    writer.close()


async def main():
    global all_here
    all_here = asyncio.Event()
    server = await asyncio.start_server(serve, '0.0.0.0', 25, backlog=1024)
    print('ready', flush=True)
    await server.serve_forever()


asyncio.run(main())

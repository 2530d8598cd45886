FROM base AS deps
WORKDIR /app
COPY package.json package-lock.json* ./
RUN --mount=type=cache,target=/root/.npm mkdir node_modules && echo installed > node_modules/.done

FROM base AS builder
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY web ./web
RUN mkdir dist && cp -r web/* dist/

FROM base AS runner
WORKDIR /app
ENV NODE_ENV=production
RUN echo 'nextjs:x:1001:1001::/app:/bin/sh' >> /etc/passwd
COPY --from=builder --chown=1001:1001 /app/dist ./dist
USER nextjs
EXPOSE 3000
ENV PORT=3000 HOSTNAME="0.0.0.0"
CMD ["sh", "-c", "ls dist"]

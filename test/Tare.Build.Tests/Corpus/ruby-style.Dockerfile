ARG RUBY_VERSION=latest
FROM base:$RUBY_VERSION AS base-image
WORKDIR /rails
ENV RAILS_ENV="production" \
    BUNDLE_DEPLOYMENT="1" \
    BUNDLE_PATH="/usr/local/bundle" \
    BUNDLE_WITHOUT="development"
FROM base-image AS build
RUN mkdir -p /usr/local/bundle && echo gems > /usr/local/bundle/gems
COPY . .
RUN SECRET_KEY_BASE_DUMMY=1 sh src/app.sh assets
FROM base-image
COPY --from=build "${BUNDLE_PATH}" "${BUNDLE_PATH}"
COPY --from=build /rails /rails
RUN echo 'rails:x:1000:1000::/rails:/bin/sh' >> /etc/passwd && mkdir -p log tmp && chown -R 1000:1000 log tmp
USER 1000:1000
ENTRYPOINT ["/rails/bin/tool"]
EXPOSE 3000
CMD ["./bin/rails", "server"]

FROM base
LABEL maintainer="NGINX Docker Maintainers <docker-maint@nginx.com>"
ENV NGINX_VERSION=1.27.0
ENV PKG_RELEASE=1~bookworm
RUN set -x \
# create nginx user/group first, to be consistent throughout docker variants
    && echo 'nginx:x:101:101:nginx:/nonexistent:/bin/false' >> /etc/passwd \
    && case "$(uname -m)" in \
        x86_64|aarch64) \
            echo "arch ok" \
            ;; \
        *) \
            echo "other arch" \
            ;; \
    esac \
# forward request and error logs to docker log collector
    && mkdir -p /var/log/nginx \
    && ln -sf /dev/stdout /var/log/nginx/access.log \
    && ln -sf /dev/stderr /var/log/nginx/error.log \
    && mkdir /docker-entrypoint.d
COPY conf/nginx.conf /etc/nginx/
COPY --chmod=755 bin/tool /docker-entrypoint.d/
ENTRYPOINT ["/docker-entrypoint.sh"]
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]

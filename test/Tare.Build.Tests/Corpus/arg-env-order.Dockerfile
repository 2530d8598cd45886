FROM base
ARG V=arg
RUN echo $V > /1
ENV V=env
RUN echo $V > /2
ARG V=again
RUN echo $V > /3
ENV W=${V}

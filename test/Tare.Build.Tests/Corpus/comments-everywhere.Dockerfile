# first comment
# syntax=docker/dockerfile:0.1
FROM base
# build describes nothing
# second line
RUN echo a # not a comment
#RUN echo commented
  # indented comment
RUN echo b \
# inside
  # inside, indented
  && echo c

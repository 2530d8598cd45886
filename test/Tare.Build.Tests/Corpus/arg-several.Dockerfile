FROM base
# A is the first
ARG A=1 B="two words" C
ARG D='$A' E="$A" F=$A$B
ENV ALL="$A|$B|$C|$D|$E|$F"

FROM base
LABEL a=1 b="two words" c='single' "d e"=f
LABEL com.example.multi="one\
 two"
LABEL old style label
LABEL version="${VERSION:-dev}" empty=
MAINTAINER Somebody <somebody@example.org>

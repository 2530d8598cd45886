   
# comment

  FROM   base   
	RUN	echo   "spaces   kept"  
RUN    --network=none    echo x   >  /x
COPY    README.md    web/index.html    /many/
ENV    A=1     B=2

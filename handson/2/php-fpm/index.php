<?php
echo "test";

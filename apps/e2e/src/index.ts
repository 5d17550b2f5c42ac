/** Black-box tests only: this project exports nothing. */
export {};

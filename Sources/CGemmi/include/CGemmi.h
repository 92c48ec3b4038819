#ifndef CGEMMI_H
#define CGEMMI_H
#endif

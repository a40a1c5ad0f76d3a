-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "archived" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);
